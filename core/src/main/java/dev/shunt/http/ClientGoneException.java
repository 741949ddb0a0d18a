package dev.shunt.http;

import java.io.IOException;

/**
 * The rest of a body will not come: its client has gone, or has sent what is none. Uncaught by a handler it is no failure of
 * the program; the log has a line.
 */
public final class ClientGoneException extends IOException {

    private static final long serialVersionUID = 1;

    public ClientGoneException(String why) {
        super(why);
    }
}

package dev.shunt.http;

/** Where the bodies of requests come from that are handled before they have come whole: the engine of this process. */
@FunctionalInterface
public interface Bodies {

    /**
     * Has so many bytes more come to the sink, as soon as the client has sent them. Where the process that has the socket is
     * another one, its answers are read meanwhile: the caller may wait for them.
     */
    void ask(long requestId, int bytes, Sink sink);

    /** Where pieces of one body come, in their order; then its end, or why there is none. Any thread; never waits. */
    interface Sink {

        void arrived(byte[] piece);

        void ended();

        /** Nothing more will come. */
        void failed(String why);
    }
}

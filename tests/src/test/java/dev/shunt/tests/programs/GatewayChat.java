package dev.shunt.tests.programs;

import dev.shunt.worker.Worker;
import java.util.Map;

/** The program in docs/from-workerman.md. */
public final class GatewayChat {

    private GatewayChat() {}

    static void main(String[] args) {
        var chat = new Worker("websocket://127.0.0.1:" + Options.of(args).number("port", 0))
                .count(4)
                .processes(2);
        chat.onMessage((client, message) -> {
            String[] words = message.text().split(" ", 2);
            switch (words[0]) {
                case "login" -> {
                    chat.bindUid(client.id(), words[1]);
                    chat.setSession(client.id(), Map.of("name", words[1]));
                    chat.joinGroup(client.id(), "lobby");
                    chat.sendToGroup("lobby", words[1] + " is here");
                }
                case "say" -> {
                    var name = chat.getSession(client.id()).orElseThrow().get("name");
                    chat.sendToGroup("lobby", name + ": " + words[1]);
                }
                case "online" -> client.send(words[1] + (chat.isUidOnline(words[1]) ? " is" : " is not") + " online");
                default -> client.close();
            }
        });
        Worker.runAll();
    }
}

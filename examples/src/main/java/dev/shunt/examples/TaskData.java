package dev.shunt.examples;

import dev.shunt.data.Data;

/** What goes to the task server and what comes back, as JSON. */
public final class TaskData {

    private record Task(String function, Object args) {}

    private record Mail(String from, String to, String contents) {}

    private TaskData() {}

    /**
     * The client's message if it names a function, else the manual's mail with the message in it.
     */
    public static Object of(Data message) {
        var json = Json.read(message);
        return json.path("function").isString()
                ? json
                : new Task("send_mail", new Mail("xxx", "xxx", message.text()));
    }

    /** Whether the task went well; what is no JSON is taken for a result. */
    public static boolean ok(Data taskResult) {
        return Json.read(taskResult).path("ok").asBoolean(true);
    }

    /** What went wrong. */
    public static String error(Data taskResult) {
        return Json.read(taskResult).path("error").asString("nessun motivo");
    }
}

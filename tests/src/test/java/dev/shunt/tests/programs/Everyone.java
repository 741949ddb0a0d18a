package dev.shunt.tests.programs;

import dev.shunt.calls.Atomic;
import dev.shunt.calls.ConnectionCalls;
import dev.shunt.calls.GroupCalls;
import dev.shunt.calls.ProgramCalls;
import dev.shunt.calls.SharedCalls;
import dev.shunt.calls.Table;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.net.ConnectionInfo;
import dev.shunt.plan.Placement;
import dev.shunt.server.Server;
import dev.shunt.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The same program in both faces: what its clients say is asked about all connections. */
public final class Everyone {

    /** What is asked, of either face. */
    private record Calls(ConnectionCalls connections, GroupCalls groups, SharedCalls shared, ProgramCalls program) {

        static Calls of(Server server) {
            return new Calls(server, server, server, server);
        }

        static Calls of(Worker worker) {
            return new Calls(worker, worker, worker, worker);
        }
    }

    /** Kept in a table, typed. */
    private record Note(long age) {}

    private Everyone() {}

    static void main(String[] args) {
        var options = Options.of(args);
        if (options.text("face", "worker").equals("server")) {
            runServer(options);
        } else {
            runWorker(options);
        }
    }

    private static void runServer(Options options) {
        var server = new Server("127.0.0.1", options.number("port", 0));
        server.set(settings -> settings.protocol(TaskServer.TEXT)
                .placement(options.placement("placement", Placement.CHILDREN))
                .workerNum(options.number("count", 2))
                .workerProcesses(options.number("processes", 1))
                .socketBufferSize(options.number("send-buffer", 1 << 20))
                .sendTimeout(Duration.ofSeconds(options.number("patience", 60)))
                .sharedMap(2_000, 1 << 20));
        server.onWorkerStart(id -> server.subscribe("news", text -> IO.println("worker " + id + " hears " + text)));
        server.onStart(() -> IO.println("listening on " + server.endpoint().hostAndPort()));
        server.onConnect(connection -> connection.send("hello " + connection.id()));
        server.onReceive((connection, data) -> received(Line.of(connection), data.text(), Calls.of(server)));
        server.onClose(connection -> IO.println("closed " + connection.id()));
        server.start();
    }

    private static void runWorker(Options options) {
        var worker = new Worker("text://127.0.0.1:" + options.number("port", 0));
        worker.placement(options.placement("placement", Placement.CHILDREN))
                .sockets(options.sockets())
                .count(options.number("count", 2))
                .processes(options.number("processes", 1))
                .maxSendBufferSize(options.number("send-buffer", 1 << 20))
                .sendTimeout(Duration.ofSeconds(options.number("patience", 60)));
        worker.sharedMap(2_000, 1 << 20);
        worker.onWorkerStart(
                started -> worker.subscribe("news", text -> IO.println("worker " + started.id() + " hears " + text)));
        worker.onConnect(connection -> connection.send("hello " + connection.id()));
        worker.onMessage((connection, data) -> received(Line.of(connection), data.text(), Calls.of(worker)));
        worker.onClose(connection -> IO.println("closed " + connection.id()));
        Worker.runAll();
    }

    private static void received(Line line, String text, Calls calls) {
        try {
            var command = Command.of(text);
            line.send(
                    command.verb().equals("join-me")
                            ? Boolean.toString(calls.groups().joinGroup(line.id(), command.rest()))
                            : answer(command, calls));
        } catch (RuntimeException e) {
            line.send(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static String answer(Command command, Calls calls) {
        var words = command.rest().split(" ", -1);
        return switch (command.verb()) {
            case "where" ->
                "pid " + ProcessHandle.current().pid() + " worker "
                        + calls.program().workerId();
            case "page" ->
                calls.connections().connections(number(words[0]), (int) number(words[1])).stream()
                        .map(info -> Long.toString(info.id()))
                        .collect(Collectors.joining(" "));
            case "all" -> Long.toString(calls.connections().connections().count());
            case "info" ->
                calls.connections()
                        .info(number(words[0]))
                        .map(ConnectionInfo::toString)
                        .orElse("none");
            case "open" -> Boolean.toString(calls.connections().isOpen(number(words[0])));
            case "send" -> Boolean.toString(calls.program().send(number(words[0]), words[1]));
            case "shut" -> Boolean.toString(calls.program().close(number(words[0])));
            case "abort" -> Boolean.toString(calls.connections().abort(number(words[0])));
            case "waiting" ->
                Long.toString(calls.connections()
                        .connections()
                        .filter(info -> info.waitingBytes() > 0)
                        .count());
            case "most-waiting" ->
                Long.toString(calls.connections()
                        .connections()
                        .mapToLong(ConnectionInfo::waitingBytes)
                        .max()
                        .orElse(0));
            case "refused" ->
                Long.toString(CurrentEngine.get().engine().stats().connections().refusedMessages());
            case "exit" -> {
                Runtime.getRuntime().halt(9);
                yield "";
            }
            case "reload" -> {
                CurrentEngine.get().engine().reload(false);
                yield "reloading";
            }
            case "table" -> ofTable(words, calls.shared().table("t"));
            case "count" -> ofAtomic(words, calls.shared().atomic("a"));
            case "publish" -> Integer.toString(calls.shared().publish(words[0], words[1]));
            default -> ofGroups(command, words, calls.groups());
        };
    }

    private static String ofTable(String[] words, Table table) {
        return switch (words[0]) {
            case "put" -> {
                table.put(words[1], words[2]);
                yield "ok";
            }
            case "add" -> Boolean.toString(table.putIfAbsent(words[1], words[2], Duration.ofHours(1)));
            case "get" -> table.get(words[1], String.class).orElse("none");
            case "cas" -> Boolean.toString(table.compareAndSet(words[1], words[2], words[3]));
            case "note" -> {
                table.put(words[1], new Note(number(words[2])));
                yield "ok";
            }
            case "noted" -> table.get(words[1], Note.class).orElseThrow().toString();
            case "fill" -> fill(table, (int) number(words[1]), (int) number(words[2]));
            case "keys" -> table.keys().count() + " of " + table.size();
            case "remove" -> Boolean.toString(table.remove(words[1]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static String fill(Table table, int entries, int characters) {
        for (int i = 0; i < entries; i++) {
            table.put("k" + i, "x".repeat(characters));
        }
        return "filled";
    }

    private static String ofAtomic(String[] words, Atomic atomic) {
        return switch (words[0]) {
            case "set" -> {
                atomic.set(number(words[1]));
                yield "ok";
            }
            case "add" -> Long.toString(atomic.add(number(words[1])));
            case "sub" -> Long.toString(atomic.sub(number(words[1])));
            case "cas" -> Boolean.toString(atomic.compareAndSet(number(words[1]), number(words[2])));
            default -> Long.toString(atomic.get());
        };
    }

    private static String ofGroups(Command command, String[] words, GroupCalls groups) {
        return switch (command.verb()) {
            case "join" -> Boolean.toString(groups.joinGroup(number(words[0]), words[1]));
            case "leave" -> Boolean.toString(groups.leaveGroup(number(words[0]), words[1]));
            case "ungroup" -> Integer.toString(groups.ungroup(words[0]));
            case "size" -> Integer.toString(groups.getClientIdCountByGroup(words[0]));
            case "members" -> groups.getClientIdListByGroup(words[0]).toString();
            case "groups" -> groups.groups().toString();
            case "bind" -> Boolean.toString(groups.bindUid(number(words[0]), words[1]));
            case "unbind" -> Boolean.toString(groups.unbindUid(number(words[0]), words[1]));
            case "of" -> groups.getClientIdByUid(words[0]).toString();
            case "whose" -> groups.getUidByClientId(number(words[0])).orElse("nobody");
            case "online" -> Boolean.toString(groups.isUidOnline(words[0]));
            case "users" -> groups.getAllUidCount() + " " + groups.getAllUidList();
            case "users-in" -> groups.getUidListByGroup(words[0]).toString();
            case "clients" -> Integer.toString(groups.getAllClientIdCount());
            case "to-all" -> Integer.toString(groups.sendToAll(words[0], numbers(words, 1)));
            case "to-group" -> Integer.toString(groups.sendToGroup(words[0], words[1], numbers(words, 2)));
            case "to-user" -> Integer.toString(groups.sendToUid(words[0], words[1], numbers(words, 2)));
            case "flood" -> flood(words[0], (int) number(words[1]), (int) number(words[2]), groups);
            case "keep" -> Boolean.toString(groups.updateSession(number(words[0]), Map.of(words[1], words[2])));
            case "keep-only" ->
                Boolean.toString(groups.setSession(number(words[0]), Map.of(words[1], number(words[2]))));
            case "kept" ->
                groups.getSession(number(words[0])).map(Object::toString).orElse("none");
            default -> throw command.unknown();
        };
    }

    /** So many messages of so many characters to a group; how many were taken by all together. */
    private static String flood(String group, int messages, int characters, GroupCalls groups) {
        long taken = 0;
        for (int i = 0; i < messages; i++) {
            taken += groups.sendToGroup(group, Integer.toString(i) + ":" + "x".repeat(characters));
        }
        return Long.toString(taken);
    }

    private static List<Long> numbers(String[] words, int from) {
        return Stream.of(words).skip(from).map(Long::valueOf).toList();
    }

    private static long number(String word) {
        return Long.parseLong(word);
    }
}

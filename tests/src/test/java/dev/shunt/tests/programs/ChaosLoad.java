package dev.shunt.tests.programs;

import dev.shunt.server.Server;
import dev.shunt.task.Durability;
import dev.shunt.task.Priority;
import dev.shunt.task.TaskHandle;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The tasks of {@link Chaos}, in the manager: on its event loop. */
final class ChaosLoad {

    /** How often a task of that kind calls {@code finish}. */
    static final int FINISHES = 3;

    private static final int RECENT = 200;
    private static final List<Priority> PRIORITIES = List.of(Priority.values());

    private final Server server;
    private final ChaosBook book;
    private final Random random;
    private final List<TaskHandle> recent = new ArrayList<>();
    private int outstanding;

    ChaosLoad(Server server, ChaosBook book, long seed) {
        this.server = server;
        this.book = book;
        this.random = new Random(seed);
    }

    /** Of those with a callback of their own. */
    int outstanding() {
        return outstanding;
    }

    void submit(int count) {
        for (int i = 0; i < count; i++) {
            submit(any());
        }
        if (!recent.isEmpty() && random.nextInt(4) == 0) {
            var task = recent.get(random.nextInt(recent.size()));
            book.cancel(task.id());
            task.cancel();
        }
    }

    /** One large task of a client's. */
    void flood(String padding) {
        var options = TaskOptions.DEFAULT.timeout(Duration.ofSeconds(2));
        outstanding++;
        long id = server.task(Chaos.Kind.FLOODED + " - " + padding, options, result -> {
            outstanding--;
            book.result(result);
        });
        book.submitted(id, Chaos.Kind.FLOODED, "-", options);
    }

    private Chaos.Kind any() {
        int all =
                Arrays.stream(Chaos.Kind.values()).mapToInt(kind -> kind.weight).sum();
        int at = random.nextInt(all);
        for (var kind : Chaos.Kind.values()) {
            at -= kind.weight;
            if (at < 0) {
                return kind;
            }
        }
        throw new AssertionError("weights");
    }

    private void submit(Chaos.Kind kind) {
        String key = switch (kind) {
            case ORDERED, ORDERED_DISK, UNIQUE_DROP, UNIQUE_REPLACE, UNIQUE_JOIN -> kind + "-" + random.nextInt(5);
            default -> "-";
        };
        var options = options(kind, key);
        String payload = kind + " " + key + (kind == Chaos.Kind.LARGE ? " " + ChaosJobs.PADDING : "");
        if (kind == Chaos.Kind.FINISHES) {
            book.submitted(server.task(payload, options), kind, key, options);
        } else if (random.nextBoolean() || options.durability() != Durability.MEMORY || kind == Chaos.Kind.PROGRESS) {
            withHandle(kind, key, payload, options);
        } else {
            outstanding++;
            long id = server.task(payload, options, result -> {
                outstanding--;
                book.result(result);
            });
            book.submitted(id, kind, key, options);
        }
    }

    private void withHandle(Chaos.Kind kind, String key, String payload, TaskOptions options) {
        outstanding++;
        var task = server.submit(payload, options);
        book.submitted(task.id(), kind, key, options);
        task.progress(said -> book.progress(task.id(), said.text()));
        var _ = task.result().thenAccept(result -> {
            outstanding--;
            book.result(result);
        });
        if (options.durability() != Durability.MEMORY) {
            var _ = task.stored().thenRun(() -> book.stored(task.id())).exceptionally(_ -> null); // its result says why
        }
        if (recent.size() < RECENT) {
            recent.add(task);
        } else {
            recent.set(random.nextInt(RECENT), task);
        }
    }

    private TaskOptions options(Chaos.Kind kind, String key) {
        var again = TaskOptions.DEFAULT.retries(20).backoff(Duration.ofMillis(10));
        var once = TaskOptions.DEFAULT;
        var options = switch (kind) {
            case QUICK -> delayed(once.priority(PRIORITIES.get(random.nextInt(PRIORITIES.size()))));
            case RETRYING -> delayed(again.retries(random.nextInt(4)));
            case FAILING, GIVING_UP -> again.retries(1);
            case DISK -> delayed(again.durability(Durability.DISK));
            case SYNC -> again.durability(Durability.SYNC);
            case DISK_ONCE -> once.durability(Durability.DISK);
            case ORDERED -> again.orderingKey(key).retries(2);
            case ORDERED_DISK -> again.orderingKey(key).durability(Durability.DISK);
            case UNIQUE_DROP -> unique(once, key, Unique.Policy.DROP);
            case UNIQUE_REPLACE -> unique(once, key, Unique.Policy.REPLACE);
            case UNIQUE_JOIN -> unique(again, key, Unique.Policy.JOIN);
            case HANGING -> once.retries(random.nextInt(2)).timeout(Duration.ofMillis(200));
            case STUBBORN -> once.timeout(Duration.ofMillis(200));
            case DEADLINE -> delayed(again).deadline(Duration.ofMillis(1 + random.nextInt(500)));
            case ONE_SLOT -> once.slot(random.nextInt(Chaos.SLOTS));
            case AT -> once.at(Instant.now().plusMillis(random.nextInt(400)));
            case SLOW, LARGE, PROGRESS, FINISHES, NESTED, NESTED_LARGE, WAITING, FLOODED, INNER -> once;
        };
        return options.timeout().isEmpty() ? options.timeout(Duration.ofSeconds(2)) : options;
    }

    private TaskOptions unique(TaskOptions options, String key, Unique.Policy policy) {
        return options.uniqueKey(key, policy).durability(random.nextBoolean() ? Durability.MEMORY : Durability.DISK);
    }

    private TaskOptions delayed(TaskOptions options) {
        return random.nextInt(5) == 0 ? options.delay(Duration.ofMillis(random.nextInt(400))) : options;
    }
}

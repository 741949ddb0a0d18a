package dev.shunt.engine.child;

import dev.shunt.control.Asked;
import dev.shunt.control.Reply;
import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.Subscriptions;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.ipc.QuestionTypes;
import dev.shunt.process.Serials;
import dev.shunt.question.Question;
import dev.shunt.stats.Stats;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What this child asks the manager: how the program fares, and for numbers of which ids of tasks are made. Any thread. */
final class Questions implements Serials {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ManagerLink manager;
    private final PayloadFiles files;
    private final Map<Long, CompletableFuture<Data>> open = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Frame.Answered.How>> answers = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Payload>> asked = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Reply>> controls = new ConcurrentHashMap<>();
    private final Subscriptions subscriptions = new Subscriptions();
    private final Queue<Long> numbers = new ConcurrentLinkedQueue<>();
    private final AtomicLong last = new AtomicLong();

    Questions(ManagerLink manager, PayloadFiles files) {
        this.manager = manager;
        this.files = files;
    }

    /** Waits for the answer. */
    Stats stats() {
        long question = last.incrementAndGet();
        var answer = new CompletableFuture<Data>();
        open.put(question, answer);
        manager.tell(new Frame.AskStats(question));
        manager.recall();
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).as(Stats.class);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the manager's stats", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the manager gave no stats within " + TIMEOUT, e);
        } finally {
            open.remove(question);
        }
    }

    /** Waits for the answer. */
    <R> R ask(Question<R> question) {
        long number = last.incrementAndGet();
        var answer = new CompletableFuture<Payload>();
        asked.put(number, answer);
        manager.tell(new Frame.Ask(number, question));
        manager.recall();
        try {
            return QuestionTypes.answerTo(question, answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the manager's answer to " + question, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the manager has not answered " + question + " within " + TIMEOUT, e);
        } finally {
            asked.remove(number);
        }
    }

    void answered(Frame.Told told) {
        var waiting = asked.get(told.number());
        if (waiting == null) {
            return;
        }
        if (told.problem().isEmpty()) {
            waiting.complete(told.answer());
        } else {
            waiting.completeExceptionally(new IllegalStateException(told.problem()));
        }
    }

    /** Completes on the thread that reads the link. */
    CompletableFuture<Reply> control(Asked call) {
        long number = last.incrementAndGet();
        var answer = new CompletableFuture<Reply>();
        controls.put(number, answer);
        manager.tell(new Frame.AskControl(number, Payload.inline(Data.of(call))));
        manager.recall();
        return answer;
    }

    /** Slots are to be told of answers that have not come. */
    boolean areOpen() {
        return !controls.isEmpty();
    }

    void answered(Frame.Controlled frame) {
        var answer = controls.get(frame.number());
        if (answer != null) {
            answer.complete(files.unpack(frame.reply(), Codec.json()).as(Reply.class));
            controls.remove(frame.number());
        }
    }

    /** The manager hears of the first one to a topic. */
    void subscribe(String topic, Executor slot, Consumer<? super Data> listener) {
        if (subscriptions.add(topic, slot, listener)) {
            manager.tell(new Frame.Subscribe(topic, true));
        }
    }

    boolean unsubscribe(String topic) {
        boolean any = subscriptions.removeAll(topic);
        if (any) {
            manager.tell(new Frame.Subscribe(topic, false));
        }
        return any;
    }

    void published(Frame.Published published) {
        subscriptions.deliver(published.topic(), ((Payload.Inline) published.payload()).data(Codec.json()));
    }

    void answered(Frame.Stats frame) {
        var asked = open.get(frame.question());
        if (asked != null) {
            asked.complete(files.unpack(frame.payload(), Codec.json()));
        }
    }

    /** Waits for what becomes of an answer to a request. */
    Frame.Answered.How answered(Payload part) {
        long question = last.incrementAndGet();
        var answer = new CompletableFuture<Frame.Answered.How>();
        answers.put(question, answer);
        manager.tell(new Frame.Answer(question, part));
        manager.recall();
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Frame.Answered.How.TAKEN; // it is on its way, whoever waits
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the manager has not said within " + TIMEOUT + " who answers", e);
        } finally {
            answers.remove(question);
        }
    }

    void answered(Frame.Answered frame) {
        var asked = answers.get(frame.question());
        if (asked != null) {
            asked.complete(frame.how());
        }
    }

    void askForNumber() {
        manager.tell(new Frame.AskTaskIds());
    }

    void number(long number) {
        numbers.add(number);
    }

    /** One that was asked for before. */
    @Override
    public long next() throws IOException {
        Long next = numbers.poll();
        if (next == null) {
            throw new IOException("the manager has not answered yet");
        }
        return next;
    }
}

package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.http.Bodies;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.BodyPart.Kind;
import dev.shunt.ipc.Payload;
import dev.shunt.process.Child;
import dev.shunt.timer.Loop;

/** Brings a body to the child that has asked for it. Any thread; frames leave on the main loop. */
record ChildBody(Child child, long requestId, Loop main) implements Bodies.Sink {

    @Override
    public void arrived(byte[] piece) {
        send(Kind.PIECE, Data.of(piece));
    }

    @Override
    public void ended() {
        send(Kind.END, Data.empty());
    }

    @Override
    public void failed(String why) {
        send(Kind.FAILED, Data.of(why));
    }

    private void send(Kind kind, Data data) {
        var frame = new Frame.BodyPart(requestId, kind, Payload.inline(data));
        if (main.inLoop()) {
            child.send(frame);
        } else {
            main.execute(() -> child.send(frame));
        }
    }
}

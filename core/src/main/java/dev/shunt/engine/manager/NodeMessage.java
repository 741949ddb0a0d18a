package dev.shunt.engine.manager;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.net.CloseStatus;
import dev.shunt.question.Audience;
import dev.shunt.question.OfMembers;
import dev.shunt.question.OfTopics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one node says to another, whose program may be an older or a newer one: what each begins with keeps its meaning, and
 * what is not known is left out.
 *
 * <pre>
 *   kind, then  1 id data   2 id code reason   3 id   4 audience name ids data   5 topic data
 *   data        kind, bytes up to the end
 * </pre>
 */
sealed interface NodeMessage {

    record Send(long id, Data message) implements NodeMessage {}

    record Close(long id, CloseStatus why) implements NodeMessage {}

    record Abort(long id) implements NodeMessage {}

    record ToMany(OfMembers.Send message) implements NodeMessage {}

    record Published(OfTopics.Publish message) implements NodeMessage {}

    /** Throws {@link IllegalArgumentException} if a message cannot be encoded. */
    default byte[] encoded() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            switch (this) {
                case Send(long id, var message) -> {
                    out.writeByte(1);
                    out.writeLong(id);
                    write(message, out);
                }
                case Close(long id, var why) -> {
                    out.writeByte(2);
                    out.writeLong(id);
                    out.writeInt(why.code());
                    write(why.reason(), out);
                }
                case Abort(long id) -> {
                    out.writeByte(3);
                    out.writeLong(id);
                }
                case ToMany(var message) -> {
                    out.writeByte(4);
                    write(message.to(), out);
                    out.writeInt(message.except().size());
                    for (long id : message.except()) {
                        out.writeLong(id);
                    }
                    write(message.message(), out);
                }
                case Published(var message) -> {
                    out.writeByte(5);
                    write(message.topic(), out);
                    write(message.message(), out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Nothing for what a newer program may have said. */
    static Optional<NodeMessage> decoded(byte[] bytes) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        return switch (in.readByte()) {
            case 1 -> Optional.of(new Send(in.readLong(), data(in)));
            case 2 -> Optional.of(new Close(in.readLong(), new CloseStatus(in.readInt(), text(in))));
            case 3 -> Optional.of(new Abort(in.readLong()));
            case 4 -> Optional.of(new ToMany(toMany(in)));
            case 5 -> Optional.of(new Published(new OfTopics.Publish(text(in), data(in))));
            default -> Optional.empty();
        };
    }

    private static OfMembers.Send toMany(DataInputStream in) throws IOException {
        var to = audience(in);
        int count = in.readInt();
        if (count < 0 || count > in.available() / Long.BYTES) {
            throw new IOException("no list of ids: " + count + " of them");
        }
        var except = new ArrayList<Long>(count);
        for (int i = 0; i < count; i++) {
            except.add(in.readLong());
        }
        return new OfMembers.Send(to, data(in), List.copyOf(except));
    }

    private static void write(Audience to, DataOutputStream out) throws IOException {
        switch (to) {
            case Audience.All() -> out.writeByte(0);
            case Audience.Group(String name) -> {
                out.writeByte(1);
                write(name, out);
            }
            case Audience.User(String uid) -> {
                out.writeByte(2);
                write(uid, out);
            }
        }
    }

    private static Audience audience(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case 0 -> new Audience.All();
            case 1 -> new Audience.Group(text(in));
            case 2 -> new Audience.User(text(in));
            default -> throw new IOException("audience " + kind + " is not known here");
        };
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("no text: " + length + " bytes");
        }
        return new String(in.readNBytes(length), UTF_8);
    }

    @SuppressWarnings("EnumOrdinal") // kinds keep their order for ever
    private static void write(Data data, DataOutputStream out) throws IOException {
        out.writeByte(data.kind().ordinal());
        out.write(data.bytes());
    }

    @SuppressWarnings("EnumOrdinal") // as above
    private static Data data(DataInputStream in) throws IOException {
        int kind = in.readByte();
        if (kind < 0 || kind >= Data.Kind.values().length) {
            throw new IOException("data of kind " + kind + " is not known here");
        }
        return Data.received(Data.Kind.values()[kind], in.readAllBytes(), Codec.json());
    }
}

package dev.shunt.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Pieces of a file that are the body of a response; whoever has the socket reads them. */
public record FileBody(String path, List<Piece> pieces) {

    /** @param before what is sent in front of these bytes of the file, of which there may be none */
    public record Piece(String before, long offset, long length) {}

    public FileBody {
        pieces = List.copyOf(pieces);
    }

    static FileBody of(String path, long offset, long length) {
        return new FileBody(path, List.of(new Piece("", offset, length)));
    }

    /** Of all that is sent. */
    public long length() {
        long all = 0;
        for (Piece piece : pieces) {
            all += piece.before().getBytes(UTF_8).length + piece.length();
        }
        return all;
    }

    /** How long the file must be. */
    public long end() {
        long end = 0;
        for (Piece piece : pieces) {
            end = Math.max(end, piece.offset() + piece.length());
        }
        return end;
    }

    byte[] encoded() {
        var texts = new ArrayList<byte[]>();
        int bytes = Integer.BYTES;
        for (Piece piece : pieces) {
            byte[] before = piece.before().getBytes(UTF_8);
            texts.add(before);
            bytes += 2 * Long.BYTES + Integer.BYTES + before.length;
        }
        byte[] name = path.getBytes(UTF_8);
        var out = ByteBuffer.allocate(bytes + name.length).putInt(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            out.putLong(pieces.get(i).offset()).putLong(pieces.get(i).length());
            out.putInt(texts.get(i).length).put(texts.get(i));
        }
        return out.put(name).array();
    }

    /** The body of a part that is {@link HttpPart#FILE}. */
    public static FileBody of(HttpPart part) {
        var in = ByteBuffer.wrap(part.body());
        var pieces = new ArrayList<Piece>();
        for (int left = in.getInt(); left > 0; left--) {
            long offset = in.getLong();
            long length = in.getLong();
            var before = new byte[in.getInt()];
            in.get(before);
            pieces.add(new Piece(new String(before, UTF_8), offset, length));
        }
        return new FileBody(new String(part.body(), in.position(), in.remaining(), UTF_8), pieces);
    }
}

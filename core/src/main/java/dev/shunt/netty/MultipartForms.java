package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.http.HttpException;
import dev.shunt.http.MultipartReader;
import dev.shunt.http.Upload;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Forms with files, by Netty's decoder; files that are not small go to the disk as they are read. */
public final class MultipartForms implements MultipartReader {

    private static final int IN_MEMORY_BYTES = 64 << 10;
    private static final int PIECE_BYTES = 64 << 10;
    private static final int MAX_FIELDS = 1_000;
    private static final int MAX_UNFINISHED_BYTES = 64 << 10;

    private final Spool spool;

    public MultipartForms(Spool spool) {
        this.spool = spool;
    }

    @Override
    public Form read(String contentType, InputStream body) throws IOException {
        var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        request.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        var factory = new DefaultHttpDataFactory(IN_MEMORY_BYTES);
        factory.setDeleteOnExit(false);
        factory.setBaseDir(spool.directory().toString());
        if (!HttpPostRequestDecoder.isMultipart(request)) { // without a boundary
            throw notAForm();
        }
        HttpPostMultipartRequestDecoder decoder = null;
        try {
            decoder = new HttpPostMultipartRequestDecoder(factory, request, UTF_8, MAX_FIELDS, MAX_UNFINISHED_BYTES);
            decoder.setDiscardThreshold(PIECE_BYTES);
            for (byte[] piece = body.readNBytes(PIECE_BYTES); piece.length > 0; piece = body.readNBytes(PIECE_BYTES)) {
                decoder.offer(new DefaultHttpContent(Unpooled.wrappedBuffer(piece)));
            }
            decoder.offer(LastHttpContent.EMPTY_LAST_CONTENT);
            return form(decoder.getBodyHttpDatas());
        } catch (DecoderException | IndexOutOfBoundsException e) {
            throw notAForm();
        } finally {
            if (decoder != null) {
                decoder.destroy();
            }
        }
    }

    private static HttpException notAForm() {
        return new HttpException(400, "the body is no multipart form");
    }

    private Form form(List<InterfaceHttpData> parts) throws IOException {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        var uploads = new ArrayList<Upload>();
        for (var part : parts) {
            if (part instanceof FileUpload file) {
                uploads.add(upload(file));
            } else if (part instanceof Attribute attribute) {
                fields.computeIfAbsent(attribute.getName(), _ -> new ArrayList<>())
                        .add(attribute.getValue());
            }
        }
        return new Form(fields, uploads);
    }

    private Upload upload(FileUpload part) throws IOException {
        String name = part.getFilename();
        String fileName = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String type = part.getContentType() == null ? "application/octet-stream" : part.getContentType();
        if (part.isInMemory()) {
            return Upload.inMemory(part.getName(), fileName, type, part.get());
        }
        long size = part.length();
        var file = spool.create("shunt-upload-");
        Files.move(part.getFile().toPath(), file, StandardCopyOption.REPLACE_EXISTING);
        return Upload.onDisk(part.getName(), fileName, type, size, file);
    }
}

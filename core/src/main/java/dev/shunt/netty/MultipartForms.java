package dev.shunt.netty;

import dev.shunt.http.HttpException;
import dev.shunt.http.MultipartReader;
import dev.shunt.http.Upload;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder.ErrorDataDecoderException;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Forms with files, by Netty's decoder. */
public final class MultipartForms implements MultipartReader {

    private static final int IN_MEMORY_BYTES = 64 << 10;
    private static final int MAX_FIELDS = 1_000;
    private static final int MAX_UNFINISHED_BYTES = 64 << 10;

    @Override
    public Form read(String contentType, byte[] body) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        var request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(body), headers, headers);
        var factory = new DefaultHttpDataFactory(false);
        HttpPostMultipartRequestDecoder decoder = null;
        try {
            decoder = new HttpPostMultipartRequestDecoder(
                    factory, request, java.nio.charset.StandardCharsets.UTF_8, MAX_FIELDS, MAX_UNFINISHED_BYTES);
            return form(decoder.getBodyHttpDatas());
        } catch (ErrorDataDecoderException | IndexOutOfBoundsException e) {
            throw new HttpException(400, "the body is no multipart form");
        } catch (IOException e) {
            throw new UncheckedIOException("an upload cannot be kept", e);
        } finally {
            if (decoder != null) {
                decoder.destroy();
            }
        }
    }

    private static Form form(List<InterfaceHttpData> parts) throws IOException {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        var uploads = new ArrayList<Upload>();
        for (var part : parts) {
            if (part instanceof FileUpload file) {
                uploads.add(upload(file));
            } else if (part instanceof Attribute attribute) {
                fields.computeIfAbsent(attribute.getName(), _ -> new ArrayList<>()).add(attribute.getValue());
            }
        }
        return new Form(fields, uploads);
    }

    private static Upload upload(FileUpload part) throws IOException {
        String name = part.getFilename();
        String fileName = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        byte[] bytes = part.get();
        String type = part.getContentType() == null ? "application/octet-stream" : part.getContentType();
        if (bytes.length <= IN_MEMORY_BYTES) {
            return Upload.inMemory(part.getName(), fileName, type, bytes);
        }
        var file = Files.createTempFile("shunt-upload-", "");
        Files.write(file, bytes);
        return Upload.onDisk(part.getName(), fileName, type, bytes.length, file);
    }
}

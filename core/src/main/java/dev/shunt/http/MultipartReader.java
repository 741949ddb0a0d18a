package dev.shunt.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** Reads forms that have files. */
@FunctionalInterface
public interface MultipartReader {

    /** What a form has, in its order. */
    record Form(Map<String, List<String>> fields, List<Upload> uploads) {

        static final Form EMPTY = new Form(Map.of(), List.of());
    }

    /**
     * @throws HttpException 400 if the body is no such form
     * @throws IOException if a file cannot be kept
     */
    Form read(String contentType, InputStream body) throws IOException;
}

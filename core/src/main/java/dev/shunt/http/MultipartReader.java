package dev.shunt.http;

import java.util.List;
import java.util.Map;

/** Reads forms that have files. */
@FunctionalInterface
public interface MultipartReader {

    /** What a form has, in its order. */
    record Form(Map<String, List<String>> fields, List<Upload> uploads) {

        static final Form EMPTY = new Form(Map.of(), List.of());
    }

    /** @throws HttpException 400 if the body is no such form */
    Form read(String contentType, byte[] body);
}

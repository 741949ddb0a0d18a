package dev.shunt.kotlin

import dev.shunt.server.Server
import dev.shunt.task.Result
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

/** What lambdas of Kotlin return is a result, and `Unit` is none: no form of a handler loses what it returns. */
class HandlersTest {

    @Test
    fun `a handler's last expression is the result`() {
        assertThat(resultOf { onTask { task -> "${task.data()} done" } }).isEqualTo("x done")
        assertThat(resultOf { onTask { it.data() } }).isEqualTo("x")
        assertThat(resultOf { onTask { task -> task.attempt() } }).isEqualTo("1")
    }

    @Test
    fun `finish is the result, wherever it stands`() {
        assertThat(resultOf { onTask { task -> task.finish("by the task") } }).isEqualTo("by the task")
        assertThat(resultOf { onTask { _ -> finish("by the server") } }).isEqualTo("by the server")
        assertThat(resultOf { onTask { server, _ -> server.finish("by Swoole's form") } }).isEqualTo("by Swoole's form")
    }

    @Test
    fun `a handler that ends with a call that returns nothing has no result`() {
        assertThat(resultOf { onTask { task -> work(task.data().text()) } }).isEmpty()
        assertThat(resultOf { onTask { _, task -> work(task.data().text()) } }).isEmpty()
        assertThat(
            resultOf {
                onTask { task ->
                    task.finish("before it")
                    work("x")
                }
            }
        ).isEqualTo("before it")
    }

    @Test
    fun `typed handlers say by their name whether they return something`() {
        assertThat(resultOf { answer(String::class.java) { text, _ -> "$text answered" } }).isEqualTo("x answered")
        assertThat(resultOf { answer(String::class.java) { text -> text.length } }).isEqualTo("1")
        assertThat(resultOf { handle(String::class.java) { text, task -> task.finish("$text handled") } })
            .isEqualTo("x handled")
    }

    @Test
    fun `a result that comes later is waited for`() {
        assertThat(resultOf { onTask { task -> CompletableFuture.supplyAsync { "${task.data()} later" } } })
            .isEqualTo("x later")
        assertThat(resultOf { answer(String::class.java) { text -> CompletableFuture.completedFuture(text.length) } })
            .isEqualTo("1")
    }

    @Test
    fun `null is no callback`() {
        val server = server()
        server.onTask { task -> task.data() }
        val finished = CompletableFuture<String>()
        server.onFinish { done ->
            if (done.data().text() == "last") {
                finished.complete("heard")
                server.shutdown()
            }
        }
        server.onStart {
            server.task("x", null)
            server.task("x", -1, null)
            server.task("last")
        }
        server.start()
        assertThat(finished.get(60, TimeUnit.SECONDS)).isEqualTo("heard")
    }

    private fun work(text: String) {
        check(text == "x")
    }

    private fun server(): Server =
        Server("127.0.0.1", 0)
            .set { it.inProcess(true).taskWorkerNum(1) }
            .onReceive { connection, data -> connection.send(data) }

    /** Runs a server with these handlers until one task has ended, whose result it returns. */
    private fun resultOf(declare: Server.() -> Unit): String {
        val server = server()
        server.declare()
        val result = CompletableFuture<Result>()
        server.onStart {
            server.submit("x").result().thenAccept {
                result.complete(it)
                server.shutdown()
            }
        }
        server.start()
        return when (val ended = result.get(60, TimeUnit.SECONDS)) {
            is Result.Done -> ended.data().text()
            else -> throw AssertionError(ended.toString())
        }
    }
}

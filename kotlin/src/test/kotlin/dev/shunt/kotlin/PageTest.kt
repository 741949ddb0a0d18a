package dev.shunt.kotlin

import dev.shunt.data.Codec
import dev.shunt.server.Server
import dev.shunt.task.Result
import dev.shunt.task.TaskHandle
import dev.shunt.task.TaskOptions
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

data class SendMail(val to: String, val text: String, val copies: Int = 1, val cc: List<String> = emptyList())

data class Sent(val to: String, val bytes: Long?)

data class Counted(val count: Int)

/** The code of `docs/kotlin.md`. */
class PageTest {

    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    @Test
    fun `first program`() {
        val server = Server("127.0.0.1", 0)
        server.set { it.taskWorkerNum(4).inProcess(true) }
        server.onReceive { connection, data ->
            server.task(SendMail(connection.remoteAddress(), data.text()))
        }
        server.answer(SendMail::class.java) { mail -> Sent(mail.to, mail.text.length.toLong()) }
        server.onFinish { done -> println("sent: ${done.data().`as`(Sent::class.java)}") }
        val result = run(server) { it.submit(SendMail("ann", "ciao")) }
        assertThat((result as Result.Done).data().`as`(Sent::class.java)).isEqualTo(Sent("ann", 4))
    }

    @Test
    fun `data classes are payloads, with their defaults and nulls`() {
        val server = server()
        server.answer(SendMail::class.java) { mail -> mail.copy(cc = mail.cc + "bob") }
        val done = run(server) { it.submit(SendMail("ann", "ciao")) } as Result.Done
        assertThat(done.data().`as`(SendMail::class.java)).isEqualTo(SendMail("ann", "ciao", 1, listOf("bob")))
    }

    @Test
    fun `what is stored already has its defaults, and a number without one is missed`() {
        val json = Codec.json()
        assertThat(json.decode("""{"to":"ann","text":"ciao"}""".toByteArray(), SendMail::class.java))
            .isEqualTo(SendMail("ann", "ciao"))
        assertThat(json.decode("""{"to":"ann"}""".toByteArray(), Sent::class.java)).isEqualTo(Sent("ann", null))
        val missing = runCatching { json.decode("{}".toByteArray(), Counted::class.java) }.exceptionOrNull()
        assertThat(missing).isInstanceOf(IllegalArgumentException::class.java).hasMessageContaining("count")
        val noText = runCatching { json.decode("""{"to":"ann"}""".toByteArray(), SendMail::class.java) }.exceptionOrNull()
        assertThat(noText).isInstanceOf(IllegalArgumentException::class.java).hasMessageContaining("text")
    }

    @Test
    fun `a suspend function waits for a result without a thread`() {
        val server = server()
        server.answer(SendMail::class.java) { mail -> Sent(mail.to, mail.text.length.toLong()) }

        suspend fun send(mail: SendMail): Sent =
            when (val result = server.submit(mail).result().await()) {
                is Result.Done -> result.data().`as`(Sent::class.java)
                is Result.Failed -> throw IllegalStateException(result.failure().message())
                else -> throw IllegalStateException("not sent: $result")
            }

        val sent = CompletableFuture<Sent>()
        server.onStart {
            scope.launch {
                sent.complete(send(SendMail("ann", "ciao")))
                server.shutdown()
            }
        }
        server.start()
        assertThat(sent.get(60, TimeUnit.SECONDS)).isEqualTo(Sent("ann", 4))
    }

    @Test
    fun `a handler may suspend`() {
        val server = server()
        suspend fun deliver(mail: SendMail): Sent = Sent(mail.to, mail.text.length.toLong())

        server.answer(SendMail::class.java) { mail -> scope.future { deliver(mail) } }

        val done = run(server) { it.submit(SendMail("ann", "ciao"), TaskOptions.DEFAULT.retries(3)) } as Result.Done
        assertThat(done.data().`as`(Sent::class.java)).isEqualTo(Sent("ann", 4))
    }

    @Test
    fun `cancelling the coroutine cancels the task, if it says so`() {
        val server = server()
        val running = CompletableFuture<Boolean>()
        val interrupted = CompletableFuture<Boolean>()
        server.answer(String::class.java) { _ ->
            scope.future<Unit> {
                try {
                    running.complete(true)
                    awaitCancellation()
                } finally {
                    interrupted.complete(true)
                }
            }
        }

        suspend fun resultOf(text: String): Result {
            val task = server.submit(text)
            try {
                return task.result().await()
            } catch (e: CancellationException) {
                task.cancel()
                throw e
            }
        }

        server.onStart {
            val waiting = scope.launch { resultOf("for ever") }
            scope.launch {
                running.await()
                waiting.cancel()
                waiting.join()
                server.shutdown()
            }
        }
        server.start()
        scope.cancel()
        assertThat(waitedFor(interrupted.thenApply { "cancelled" })).isEqualTo("cancelled")
    }

    private fun <T> waitedFor(stage: CompletionStage<T>): T = stage.toCompletableFuture().get(60, TimeUnit.SECONDS)

    private fun server(): Server =
        Server("127.0.0.1", 0)
            .set { it.inProcess(true).taskWorkerNum(1) }
            .onReceive { connection, data -> connection.send(data) }

    /** Runs a server until one task has ended. */
    private fun run(server: Server, submit: (Server) -> TaskHandle): Result {
        val result = CompletableFuture<Result>()
        server.onStart {
            submit(server).result().thenAccept {
                result.complete(it)
                server.shutdown()
            }
        }
        server.start()
        return waitedFor(result)
    }
}

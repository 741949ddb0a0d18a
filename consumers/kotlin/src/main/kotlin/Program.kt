import dev.shunt.server.Server

data class Greet(val name: String, val times: Int = 1)

fun main() {
    val server = Server("127.0.0.1", 0)
    server.set { it.taskWorkerNum(1) }
    server.onReceive { _, _ -> }
    server.answer(Greet::class.java) { greet -> "hello ".repeat(greet.times) + greet.name }
    server.onStart {
        server.submit(Greet("ann")).result().thenAccept {
            println(it)
            server.shutdown()
        }
    }
    server.start()
}

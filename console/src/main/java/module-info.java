/** The console: a page for whoever runs a program of Shunt's. There on the class or module path it is found. */
module dev.shunt.console {
    requires dev.shunt;
    requires org.jspecify;

    provides dev.shunt.control.Pages with
            dev.shunt.console.ConsolePages;
}

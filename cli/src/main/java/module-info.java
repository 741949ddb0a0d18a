/** {@code ./shunt ctl}: sees and steers programs that run. */
module dev.shunt.cli {
    requires dev.shunt;
    requires info.picocli;
    requires static org.jspecify;

    opens dev.shunt.cli to
            info.picocli;
}

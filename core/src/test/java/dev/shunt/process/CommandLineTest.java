package dev.shunt.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @TempDir
    Path directory;

    @Test
    void classPath() {
        assertThat(CommandLine.parse(
                        List.of("-cp", "a b:c", "-Xmx1g", "-ea", "app.Main", "-cp", "mine", "", "two\nlines")))
                .isEqualTo(new CommandLine(
                        List.of("--class-path=a b:c", "-Xmx1g", "-ea"),
                        List.of("app.Main", "-cp", "mine", "", "two\nlines")));
    }

    @Test
    void jar_withOptionsOnBothSides() {
        assertThat(CommandLine.parse(List.of("-Da=1", "-jar", "-Db=2", "app.jar", "-jar")))
                .isEqualTo(new CommandLine(List.of("-Da=1", "-Db=2"), List.of("-jar", "app.jar", "-jar")));
    }

    @Test
    void module_inEverySpelling() {
        var expected = new CommandLine(List.of("--module-path=mods"), List.of("-m", "app/app.Main", "x"));
        assertThat(CommandLine.parse(List.of("-p", "mods", "-m", "app/app.Main", "x")))
                .isEqualTo(expected);
        assertThat(CommandLine.parse(List.of("--module-path", "mods", "--module", "app/app.Main", "x")))
                .isEqualTo(expected);
        assertThat(CommandLine.parse(List.of("--module-path=mods", "--module=app/app.Main", "x")))
                .isEqualTo(expected);
    }

    @Test
    void sourceFile_withOptions() {
        assertThat(CommandLine.parse(
                        List.of("--class-path", "lib", "--source", "25", "--enable-preview", "Main.java", "-p")))
                .isEqualTo(new CommandLine(
                        List.of("--class-path=lib", "--source=25", "--enable-preview"), List.of("Main.java", "-p")));
    }

    @Test
    void optionsWithAValueOfTheirOwn_keepIt() {
        assertThat(CommandLine.parse(List.of(
                                "--add-opens",
                                "java.base/java.lang=ALL-UNNAMED",
                                "--add-modules",
                                "a,b",
                                "--enable-native-access",
                                "x",
                                "--add-exports=a/b=c",
                                "Main"))
                        .options())
                .containsExactly(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-modules=a,b",
                        "--enable-native-access=x",
                        "--add-exports=a/b=c");
    }

    @Test
    void argumentFiles_areExpandedBeforeTheMainClassOnly() throws IOException {
        var file = Files.writeString(directory.resolve("options"), "-Da=1 -cp 'x y'\n@@not-nested\n");
        assertThat(CommandLine.expand(List.of("-Db=2", "@" + file, "@" + file)))
                .containsExactly("-Db=2", "-Da=1", "-cp", "x y", "@@not-nested", "@" + file);
        assertThat(CommandLine.expand(List.of("@@escaped", "@x"))).containsExactly("@escaped", "@x");
        assertThat(CommandLine.expand(List.of("--disable-@files", "@" + file)))
                .containsExactly("--disable-@files", "@" + file);
    }

    @Test
    void argumentFile_asTheToolSpecificationSays() {
        assertThat(ArgumentFile.words("""
                -Da=1\t-Db=2 # a comment "with a quote
                # another
                'single "in" single' "double 'in' double" joi"ned wor"ds ""
                "C:\\\\Program Files\\\\x" C:\\plain\\x "tab\\there"
                "first \\
                    second"
                "not closed
                last"""))
                .containsExactly(
                        "-Da=1",
                        "-Db=2",
                        "single \"in\" single",
                        "double 'in' double",
                        "joined words",
                        "",
                        "C:\\Program Files\\x",
                        "C:\\plain\\x",
                        "tab\there",
                        "first second",
                        "not closed",
                        "last");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx4g",
                "-Xms1g",
                "-Xmn100m",
                "-XX:MaxHeapSize=4g",
                "-XX:InitialHeapSize=1g",
                "-XX:MaxRAMPercentage=75.0",
                "-XX:+AggressiveHeap",
                "-XX:G1HeapRegionSize=4m",
                "-XX:NewSize=1g",
                "-XX:MaxNewSize=1g",
                "-XX:NewRatio=2",
                "-XX:+UseG1GC",
                "-XX:-UseZGC",
                "-XX:+UseParallelGC",
                "-XX:+UseShenandoahGC",
                "-XX:+AlwaysPreTouch",
                "-XX:ParallelGCThreads=8",
                "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
                "-Xrunjdwp:x",
                "-Xdebug",
                "-javaagent:/opt/idea/lib/idea_rt.jar=40001",
                "-Dcom.sun.management.jmxremote.port=9010",
                "-Xlog:gc*:file=gc.log:time",
                "-Xlog:gc:gc.log",
                "-Xloggc:gc.log",
                "-XX:LogFile=x",
                "-XX:StartFlightRecording",
                "-XX:StartFlightRecording=filename=x.jfr",
                "-XX:AOTCacheOutput=x.aot",
                "-XX:AOTMode=record",
                "-XX:ArchiveClassesAtExit=x.jsa",
                "-XX:+AutoCreateSharedArchive",
                "-XshowSettings:vm",
                "-showversion"
            })
    void notInherited(String option) {
        assertThat(InheritedOptions.of(List.of(option))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dx=-Xmx4g",
                "--class-path=/opt/idea_rt.jar",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-preview",
                "--enable-native-access=ALL-UNNAMED",
                "-ea",
                "-da:x",
                "-Xss2m",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=/var/dump",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:NonProfiledCodeHeapSize=32m",
                "-XX:TrimNativeHeapInterval=5000",
                "-XX:AOTCache=x.aot",
                "-XX:AOTMode=auto",
                "-XX:SharedArchiveFile=x.jsa",
                "-Xlog:gc",
                "-Xlog:gc*:stdout:time",
                "-Xlog:disable",
                "-Xlog:gc::uptime",
                "-javaagent:jacoco.jar=destfile=x",
                "-XX:MaxMetaspaceSize=128m",
                "-XX:TieredStopAtLevel=1",
                "--source=25",
                "-Dfile.encoding=UTF-8",
                "-XX:+UseCompactObjectHeaders"
            })
    void inherited(String option) {
        assertThat(InheritedOptions.of(List.of(option))).containsExactly(option);
    }

    @Test
    void variables_areCutAtWhiteSpaceOutsideQuotes() {
        assertThat(InheritedOptions.in("JAVA_TOOL_OPTIONS", Map.of())).isEmpty();
        assertThat(InheritedOptions.in(
                        "JAVA_TOOL_OPTIONS", Map.of("JAVA_TOOL_OPTIONS", " -Da=1 \"-Db=x y\" -Dc='it is'\t-Dd=\"'\" ")))
                .containsExactly("-Da=1", "-Db=x y", "-Dc=it is", "-Dd='");
    }
}

plugins {
    application
}

repositories {
    providers.gradleProperty("staging").orNull?.let { maven(it) }
    mavenCentral()
}

java {
    toolchain { languageVersion = JavaLanguageVersion.of(25) }
}

dependencies {
    implementation(platform("dev.shunt:shunt-bom:0.1.0-SNAPSHOT"))
    implementation("dev.shunt:shunt")
}

application {
    mainClass = "Program"
    applicationDefaultJvmArgs = listOf("--enable-native-access=ALL-UNNAMED")
}

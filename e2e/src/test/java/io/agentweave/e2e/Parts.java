package io.agentweave.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** The images of deploy/docker-compose.yaml, and certificates for those that speak TLS. */
final class Parts {
  static final Path ROOT = Path.of(System.getProperty("agentweave.root"));

  /** What a part gets to start, however busy the machine is. */
  static final Duration START = Duration.ofMinutes(5);

  private Parts() {}

  /** A container of the version that the compose file names; what is not there is a failure. */
  static GenericContainer<?> of(String image) {
    return new GenericContainer<>(DockerImageName.parse(versioned(image)))
        .withImagePullPolicy(imageName -> false);
  }

  private static String versioned(String image) {
    try (var lines = Files.lines(ROOT.resolve("deploy/docker-compose.yaml"))) {
      return lines
          .map(String::strip)
          .filter(line -> line.startsWith("image: " + image + ":"))
          .map(line -> line.substring("image: ".length()))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no image " + image + " in the stack"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code tls.crt} and {@code tls.key} of a server on localhost, and {@code ca.crt}. */
  static void certificates(Path folder) throws IOException, InterruptedException {
    run(
        folder,
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca"
            + " -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out ca.crt");
    run(
        folder,
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost"
            + " -keyout tls.key -out tls.csr");
    Path extensions = folder.resolve("extensions");
    Files.writeString(extensions, "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    run(
        folder,
        "openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2"
            + " -extfile extensions -out tls.crt");
    // Read by whatever user the container has.
    run(folder, "chmod 0644 tls.key tls.crt ca.crt");
  }

  private static void run(Path folder, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(command.split(" ")))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + output);
    }
  }
}

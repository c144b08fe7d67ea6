package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose rights a server that runs as root uses for what (postfix `local(8)`).
class DeliveryAsRootTest extends RootsServer {
  /// Whose a file becomes, by whose the table is and whose a list is that the table names.
  @ParameterizedTest
  @CsvSource({
    "root, root, nobody, nobody",
    "root, bin, nobody, bin",
    "daemon, root, daemon, daemon",
    "daemon, bin, daemon, daemon",
  })
  void aFileIsWrittenAsWhoeverSaysSo(String tables, String lists, String named, String listed)
      throws Exception {
    Path list = Files.writeString(directory.resolve("list"), open + "/listed\n");
    alias(
        "file: %s/named\nlist: :include:%s\ndir: %s/dir/\nprog: \"|id -un > '%s/said'\"\n"
            .formatted(open, list, open, open));
    owned(table, tables);
    owned(list, lists);
    for (String user : List.of("file", "list", "dir", "prog", "file")) {
      assertDelivered(deliver(user));
    }
    assertOwned(open.resolve("named"), named);
    assertOwned(open.resolve("listed"), listed);
    assertOwned(open.resolve("dir/new"), named);
    assertOwned(open.resolve("said"), named);
    assertThat(open.resolve("said")).hasContent(named);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open.resolve("named"))))
        .isEqualTo("rw-------");
    assertThat(open.resolve("named"))
        .content()
        .matches("(?s)(From joe@far.example  [^\n]*\nReturn-Path: <joe@far.example>\n.*\n\n){2}");
    assertThat(open.resolve("named.lock")).doesNotExist();
  }

  @Test
  void aUsersForwardFileIsDoneAsTheUser() throws Exception {
    Path list = owned(Files.writeString(open.resolve("list"), open + "/listed\n"), "bin");
    forward(
        "daemon",
        "%s/file, %s/dir/, \"|id -un > '%s/said'\", :include:%s".formatted(open, open, open, list));
    assertDelivered(deliver("Daemon+x"));
    for (String name : List.of("file", "dir", "dir/new", "said", "listed")) {
      assertOwned(open.resolve(name), "daemon");
    }
    // what he may not read himself is not read for him
    mode(list, "rw-------");
    assertDeferred(deliver("daemon"), "cannot be read");
  }

  @Test
  void aForwardFileIsReadAsTheUser() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "hidden@far.example\n");
    mode(secret, "rw-------");
    Path home = Files.createDirectories(directory.resolve("mail/ex.example/daemon"));
    Files.createSymbolicLink(home.resolve(".forward"), secret);
    TaskOutcome outcome = delivery().deliver(Letters.to("daemon@ex.example"));
    assertThat(outcome.onward()).isEmpty();
    assertDeferred(outcome.results().getFirst().attempt(), "cannot be read");
  }

  @Test
  void aCommandHasTheEnvironmentThatPostfixGivesIt() throws Exception {
    alias("prog: \"|env > " + open + "/env\"\n");
    assertDelivered(deliver("prog"));
    assertThat(environment())
        .contains("USER=prog", "LOGNAME=prog", "LOCAL=prog", "RECIPIENT=prog@ex.example")
        .contains("SENDER=joe@far.example", "DOMAIN=ex.example", "PATH=/usr/bin:/bin")
        .noneMatch(line -> line.matches("(HOME|SHELL|EXTENSION|SASL_.*|ENVID)=.*"));
    forward("daemon", "\"|env > " + open + "/env2; cp " + open + "/env2 " + open + "/env3\"");
    Files.delete(open.resolve("env"));
    assertDelivered(deliver("daemon+x'y"));
    Files.move(open.resolve("env3"), open.resolve("env"));
    assertThat(environment())
        .contains("HOME=/usr/sbin", "SHELL=/usr/sbin/nologin", "USER=daemon", "EXTENSION=x_y");
  }

  private List<String> environment() throws IOException {
    return Files.readAllLines(open.resolve("env"));
  }
}

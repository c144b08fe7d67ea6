package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.alias.Aliases;
import org.caravanmta.alias.ExpansionSettings;
import org.caravanmta.alias.Forward;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.QueueIds;
import org.caravanmta.policy.Cases;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.TableNames;
import org.caravanmta.table.Tables;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A server that runs as root. Users of the machine: daemon, bin, games; aliases of root's are done
/// as nobody.
abstract class RootsServer {
  static final Set<String> EVERYWHERE = Set.of("alias", "forward", "include");

  static final LocalUsers.ByUser NONE = new LocalUsers.ByUser("", Cases.search("ex.example"));

  @TempDir Path directory;

  final InstantSource clock = InstantSource.fixed(Letters.ARRIVED);
  Path table = Path.of("");
  Path open = Path.of("");
  String template = "mail/%d/%u/Maildir/";
  String operators = "nobody";
  long largest;
  boolean strict = true;

  Bodies bodies =
      _ -> {
        throw new IOException("nothing is stored");
      };

  @BeforeEach
  void aPlaceThatEverybodyMayWriteTo() throws IOException {
    boolean root = System.getProperty("user.name").equals("root");
    if (!root) {
      System.out.println("SKIPPED: only root can take other users' rights");
    }
    Assumptions.assumeTrue(root, "SKIPPED: only root can take other users' rights");
    mode(directory, "rwxr-xr-x");
    open = mode(Files.createDirectory(directory.resolve("open")), "rwxrwxrwx");
    table = Files.writeString(directory.resolve("aliases"), "");
  }

  void alias(String lines) throws IOException {
    Files.writeString(table, lines);
  }

  void forward(String user, String lines) throws IOException {
    Path home = Files.createDirectories(directory.resolve("mail/ex.example/" + user));
    owned(Files.writeString(home.resolve(".forward"), lines + "\n"), user);
  }

  static Path owned(Path path, String user) throws IOException {
    var users = path.getFileSystem().getUserPrincipalLookupService();
    return Files.setOwner(path, users.lookupPrincipalByName(user));
  }

  static void assertOwned(Path path, String user) throws IOException {
    assertThat(Files.getOwner(path)).hasToString(user);
  }

  static Path mode(Path path, String mode) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  static void assertDelivered(Attempt attempt) {
    assertThat(attempt).isInstanceOf(Attempt.Delivered.class);
  }

  static void assertDeferred(Attempt attempt, String why) {
    assertThat(attempt)
        .isInstanceOfSatisfying(
            Attempt.Deferred.class, d -> assertThat(d.reason().text()).contains(why));
  }

  Attempt deliver(String user) {
    return delivery().deliver(Letters.to(user + "@ex.example")).results().getFirst().attempt();
  }

  LocalDelivery delivery() {
    var extensions = new Extensions("+");
    return new LocalDelivery(
        directory,
        template,
        LocalDeliveryTest.rules(LocalDeliveryTest.QUICK, largest, strict, true),
        new LocalUsers(
            Cases.search("ex.example"),
            extensions,
            NONE,
            NONE,
            NONE,
            true,
            new CatchAll(""),
            Set.of("drop")),
        new Aliases(
            Tables.aliases(TableNames.of("hash:" + table), clock, Aliases.values()),
            new Forward(directory, new ForwardPath("mail/%d/%u/.forward"), extensions, true),
            extensions,
            new Origin(new Domain("ex.example")),
            new Resolution(Set.of(new Domain("ex.example"))),
            Set.of(),
            new ExpansionSettings(
                List.of(),
                false,
                false,
                "",
                List.copyOf(EVERYWHERE),
                List.copyOf(EVERYWHERE),
                true)),
        new DeliveryIdentity(true, operators),
        new Programs(Duration.ofSeconds(20), Map.of()),
        new Forwarding(
            UnaryOperator.identity(), new QueueIds(clock, 1), "mx.ex.example", true, clock),
        Set.of("command", "file"),
        "mx.ex.example",
        stored -> bodies.open(stored),
        clock);
  }
}

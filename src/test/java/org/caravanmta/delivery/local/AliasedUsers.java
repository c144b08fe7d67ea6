package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.alias.Aliases;
import org.caravanmta.alias.ExpansionSettings;
import org.caravanmta.alias.Forward;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.QueueIds;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.TableNames;
import org.caravanmta.table.Tables;
import org.junit.jupiter.api.io.TempDir;

/// Our own users with aliases, `.forward` files and no mailbox, and what a delivery to them comes
/// to. Users: ann, bob, postmaster.
abstract class AliasedUsers {
  static final Set<String> EVERYWHERE = Set.of("alias", "forward", "include");

  @TempDir Path directory;

  final InstantSource clock = InstantSource.fixed(Letters.ARRIVED.plusSeconds(1));
  String users = "inline:{ann=x, bob=x}";
  String commandUser = "";
  Duration commandTimeout = Duration.ofSeconds(20);
  String aliases = "";
  List<String> moreAliases = List.of();
  Set<String> propagate = Set.of("canonical", "virtual");
  Set<String> commands = EVERYWHERE;
  Set<String> files = EVERYWHERE;
  boolean root;
  String forwardPath = "mail/%d/%u/.forward";
  Set<String> deliveredTo = Set.of("command", "file", "forward");
  boolean resetOwner;
  boolean frozen = true;
  boolean expandOwner;
  boolean keepPostmaster = true;
  String mailboxes = "";
  String fallback = "";
  String command = "";
  String catchAll = "";
  String mailboxTable = "";
  String fallbackTable = "";
  String commandTable = "";
  UnaryOperator<Case> rewriting = UnaryOperator.identity();

  /// So that what waits cannot be had.
  void closed() throws IOException {
    Files.createSymbolicLink(directory.resolve("late.list"), Path.of("late.list"));
    Files.createFile(directory.resolve("late"));
  }

  static String deliveredTo(TaskOutcome outcome) {
    return outcome
        .onward()
        .getFirst()
        .headers()
        .first("Delivered-To")
        .map(Headers.Field::value)
        .orElse("-");
  }

  static AddressSearch some(String table) {
    return table.isEmpty()
        ? new AddressSearch(new SearchPath(List.of()), new Extensions("+"), _ -> true)
        : Cases.search("ex.example", table);
  }

  static void assertFailed(TaskOutcome outcome, String status, String text) {
    assertThat(outcome.onward()).isEmpty();
    assertThat(outcome.results().getFirst().attempt())
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> {
              assertThat(failed.reason().status()).hasToString(status);
              assertThat(failed.reason().text()).isEqualTo(text);
            });
  }

  TaskOutcome deliver(String user) {
    return delivery().deliver(mail(user));
  }

  static Mail mail(String user) {
    return Letters.to(user + "@ex.example");
  }

  static List<String> onward(TaskOutcome outcome) {
    return outcome.onward().stream()
        .flatMap(mail -> mail.recipients().stream())
        .map(recipient -> recipient.address().toString())
        .toList();
  }

  /// Whose Maildirs have mail; `-` for nobody's.
  String delivered() throws IOException {
    Path users = directory.resolve("mail/ex.example");
    if (!Files.isDirectory(users)) {
      return "-";
    }
    try (var all = Files.list(users)) {
      List<String> names =
          all.filter(user -> Files.isDirectory(user.resolve("Maildir/new")))
              .map(user -> user.getFileName().toString())
              .sorted()
              .toList();
      return names.isEmpty() ? "-" : String.join(" ", names);
    }
  }

  Path file(String name, String text) throws IOException {
    Path path = directory.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  LocalDelivery delivery() {
    var extensions = new Extensions("+");
    try {
      String table =
          aliases.startsWith("fail:") ? aliases : "hash:" + file("aliases", aliases + "\n");
      List<String> tables = Stream.concat(Stream.of(table), moreAliases.stream()).toList();
      return new LocalDelivery(
          directory,
          "mail/%d/%u/Maildir/",
          LocalDeliveryTest.RULES,
          new LocalUsers(
              Cases.search("ex.example", users),
              extensions,
              new LocalUsers.ByUser(mailboxes, some(mailboxTable)),
              new LocalUsers.ByUser(fallback, some(fallbackTable)),
              new LocalUsers.ByUser(command, some(commandTable)),
              keepPostmaster,
              new CatchAll(catchAll),
              Set.of("drop")),
          new Aliases(
              Tables.aliases(TableNames.of(tables), clock, Aliases.values()),
              new Forward(directory, new ForwardPath(forwardPath), extensions, root),
              extensions,
              new Origin(new Domain("ex.example")),
              new Resolution(Set.of(new Domain("ex.example"))),
              propagate,
              new ExpansionSettings(
                  List.of(),
                  expandOwner,
                  resetOwner,
                  "",
                  List.copyOf(commands),
                  List.copyOf(files),
                  frozen)),
          new DeliveryIdentity(root, commandUser),
          new Programs(commandTimeout, Map.of()),
          new Forwarding(
              rewriting,
              new QueueIds(clock, 1),
              "mx.ex.example",
              deliveredTo.contains("forward"),
              clock),
          deliveredTo,
          "mx.ex.example",
          stored -> {
            throw new IOException("nothing is stored");
          },
          clock);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.caravanmta.config.Size;
import org.caravanmta.policy.Cases;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mailboxes that a table names.
class VirtualDeliveryTest {
  private static final String MAILBOXES =
      "inline:{{ ann@vm.example = vm/ann/ }, { bob@vm.example = vm/bob }, { far@vm.example ="
          + " ../bob }}";

  @TempDir Path directory;

  @Test
  void aSlashMakesAMaildir() throws IOException {
    assertThat(attempt("ann+x@vm.example", none())).isInstanceOf(Attempt.Delivered.class);
    try (var files = Files.list(directory.resolve("vm/ann/new"))) {
      assertThat(files.toList())
          .singleElement()
          .satisfies(
              file ->
                  assertThat(Files.readString(file))
                      .startsWith("Return-Path: <")
                      .contains("\nDelivered-To: ann+x@vm.example\n"));
    }
  }

  @Test
  void withoutOneItIsAFile() throws IOException {
    attempt("bob@vm.example", none());
    attempt("bob@vm.example", none());
    assertThat(Files.readString(directory.resolve("vm/bob")).split("(?m)^From ", -1)).hasSize(3);
  }

  @Test
  void whoHasNoneIsUnknown() {
    assertThat(attempt("cec@vm.example", none()))
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> assertThat(failed.reason().text()).contains("unknown user"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ann@vm.example | static:99",
        "ann@vm.example | static:root",
        "ann@vm.example | inline:{x=1000}",
        "far@vm.example | static:1000",
      })
  void whoseItIsMustBeKnown(String recipient, String users) {
    assertThat(attempt(recipient, table(users)))
        .isInstanceOfSatisfying(
            Attempt.Deferred.class,
            deferred -> assertThat(deferred.reason().status()).hasToString("4.3.5"));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void asRootItIsGivenToItsUser() throws IOException {
    Assumptions.assumeTrue(root(), "SKIPPED: only root can give files away");
    attempt("ann@vm.example", table("static:1234"));
    attempt("bob@vm.example", table("static:1234"));
    try (var files = Files.walk(directory.resolve("vm"))) {
      for (Path file : files.toList()) {
        assertThat(Files.getAttribute(file, "unix:uid")).as(file.toString()).isEqualTo(1234);
      }
    }
  }

  private Attempt attempt(String recipient, AddressSearch users) {
    var delivery =
        new VirtualDelivery(
            directory,
            new VirtualSettings(Path.of(""), List.of(), List.of(), 100, new Size(0)),
            table(MAILBOXES),
            users,
            none(),
            root(),
            LocalDeliveryTest.RULES,
            "mx.example",
            stored -> {
              throw new IOException("not stored");
            },
            InstantSource.fixed(Instant.EPOCH));
    return delivery.deliver(Letters.to(recipient)).results().getFirst().attempt();
  }

  private static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  private static AddressSearch none() {
    return new AddressSearch(new SearchPath(List.of()), new Extensions("+"), _ -> false);
  }

  private static AddressSearch table(String name) {
    return Cases.search("ex.example", name);
  }
}

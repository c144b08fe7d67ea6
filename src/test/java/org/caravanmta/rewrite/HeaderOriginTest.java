package org.caravanmta.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.ClientTls;
import org.caravanmta.policy.BrokenTable;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Verdict;
import org.caravanmta.rewrite.CompletionSettings.Clients;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.SearchPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose header sections are completed; origin `ex.com`.
class HeaderOriginTest {
  private static final Origin ORIGIN = new Origin(new Domain("ex.com"));

  @ParameterizedTest
  @CsvSource({
    "192.0.2.9, true",
    "192.0.2.77, true",
    "192.0.3.9, false",
    "2001:db8:0:0:0:0:0:9, true",
    "2001:db8::10, false",
  })
  void aTableNamesMoreClients(String address, boolean ours) {
    HeaderOrigin origin =
        origin(Cases.search("ex.com", "inline:{192.0.2.9=x, 192.0.2.77=y, 2001:db8::9=z}").path());
    assertThat(origin.of(Cases.stranger(address)))
        .isEqualTo(ours ? Optional.of(ORIGIN) : Optional.empty());
  }

  @Test
  void aClientThatCannotBeLookedUpComesAgain() {
    HeaderOrigin broken = origin(new SearchPath(List.of(new BrokenTable("clients"))));
    var message = new Case.Message(Cases.mail(Cases.stranger("192.0.2.9"), "To: a\r\n", "a@b.org"));
    var later = new Verdict.Defer(Reply.of(451, "4.3.0", "Temporary lookup failure"));
    assertThat(new StandardForm(ORIGIN, broken).rewrite(message).verdict()).isEqualTo(later);
    assertThat(completion(broken, "").rewrite(message).verdict()).isEqualTo(later);
    // own clients need no table
    assertThat(broken.of(Cases.own())).contains(ORIGIN);
  }

  @Test
  void soDoesACertificateThatAnAuthorityVouchesFor() {
    var origin =
        new HeaderOrigin(
            ORIGIN,
            new CompletionSettings(List.of(Clients.VERIFIED_CERTIFICATE), Optional.empty(), false),
            new SearchPath(List.of()));
    assertThat(origin.of(showing(true))).contains(ORIGIN);
    assertThat(origin.of(showing(false))).isEmpty();
    assertThat(origin.of(Cases.own())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Subject: x | true",
        "To: ann@ex.com | false",
        "Cc: ann@ex.com | false",
        "Resent-To: ann@ex.com | false",
        "Bcc: ann@ex.com | true",
      })
  void whoIsNotToBeKnownIsSaid(String field, boolean said) {
    var completion = completion(Origins.shipped(ORIGIN), "To: undisclosed-recipients:;");
    assertThat(section(completion, Cases.own(), field).contains("To: undisclosed-recipients:;"))
        .isEqualTo(said);
    // a stranger's header section is his
    assertThat(section(completion, Cases.stranger("192.0.2.9"), field)).isEqualTo(field + "\r\n");
  }

  private static Completion completion(HeaderOrigin headers, String undisclosed) {
    return new Completion(
        new CompletionSettings(List.of(), Optional.empty(), false),
        new HeaderSettings(List.of(), undisclosed),
        headers,
        ORIGIN,
        "mx");
  }

  private static String section(Completion completion, Client client, String field) {
    Case done =
        completion.rewrite(new Case.Message(Cases.mail(client, field + "\r\n", "ann@ex.com")));
    return ((Case.Message) done).mail().headers().toString();
  }

  private static HeaderOrigin origin(SearchPath tables) {
    return new HeaderOrigin(
        ORIGIN,
        new CompletionSettings(List.of(Clients.OWN_NETWORKS), Optional.empty(), false),
        tables);
  }

  private static Client showing(boolean verified) {
    var shown = new ClientCertificate("AB", "CD", "client", "authority", verified);
    return Cases.stranger("192.0.2.9").with(new ClientTls("TLSv1.3 x", Optional.of(shown)));
  }
}

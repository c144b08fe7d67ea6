package org.caravanmta.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.Caravan;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.stage.Problem;
import org.caravanmta.story.Edits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a check of the shipped routes says after an operator's slip.
class RouteEndsTest {
  private static final String SETTLE = "        - bean: { ref: retry, method: settle }\n";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reception | ${header.own} == false | ${header.own == false | route reception",
        "reception | ${header.stage} == 'connect' | ${header.stage} === 'connect' | route"
            + " reception",
        "checks | { ref: checks, method: check } | { ref: checks, method: chek } | has no method"
            + " chek",
        "delivery | - to: artemis:deferred.* | - to: artemis:routing |"
            + " mail that smtpDelivery.deliver has for artemis:deferred.* would be set aside",
        "retry | - to: artemis:routing | - log: back | the step `to: artemis:routing` is missing",
        "routing | - to: artemis:delivery.* | - log: x | has for artemis:delivery.* would be set"
            + " aside",
        "report | - to: artemis:routing | - log: x | the step `to: artemis:routing` is missing",
        "maildrop | - to: artemis:hold | - log: x | the step `to: artemis:hold` is missing",
        "failure | - to: artemis:dead | - log: x | the step `to: artemis:dead` is missing",
        "reception | direct:restrictions | direct:nowhere | no route starts from direct:nowhere",
        "reception | &block=false | '' | each message would wait 30 s for one: add &block=false"
      })
  void aSlipIsNamedWithItsRoute(String file, String what, String with, String said)
      throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    edit(routes.resolve(file + ".camel.yaml"), what, with);
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(said);
  }

  @Test
  void aDeliveryThatNothingSettlesIsRefused() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    edit(routes.resolve("delivery.camel.yaml"), SETTLE, "");
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .hasMessageContaining("delivery.camel.yaml: route delivery.smtp: nothing settles what")
        .hasMessageContaining("bean: { ref: retry, method: settle }");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "        - log: seen\n",
        "        - to: log:seen\n",
        "        - to: file:archive\n"
      })
  void aRouteThatHandsNothingOnIsRefused(String steps) throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    own(routes, "archive.camel.yaml", "delivery.archive", "artemis:delivery.archive", steps);
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .hasMessageContaining("archive.camel.yaml: route delivery.archive: ends without handing");
  }

  @Test
  void anExpressionInALogLineIsRead() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    own(
        routes,
        "audit.camel.yaml",
        "audit",
        "artemis:audit",
        "        - log: \"${body.id\"\n        - to: artemis:routing\n");
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .hasMessageContaining("audit.camel.yaml: route audit: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wireTap: direct:x", "choice: there", "multicast: both"})
  void aStepWithATextInThePlaceOfItsOptionsIsSaidToBeOne(String step) throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    own(
        routes,
        "audit.camel.yaml",
        "audit",
        "artemis:audit",
        "        - " + step + "\n        - to: artemis:routing\n");
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .hasMessageContaining("audit.camel.yaml: a step has a text where it needs its options");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aa.camel.yaml", "zz.camel.yaml"})
  void twoRoutesOfOneIdAreNamed(String file) throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    own(routes, file, "checks", "artemis:other", "        - to: artemis:routing\n");
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .hasMessageContaining("the id checks")
        .hasMessageContaining("checks.camel.yaml")
        .hasMessageContaining(file);
  }

  @Test
  void twoRoutesOfOneIdInAFileAreNamed() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    edit(routes.resolve("delivery.camel.yaml"), "id: delivery.lmtp", "id: delivery.smtp");
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .hasMessageContaining("delivery.camel.yaml: the id delivery.smtp is that of a route in");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"checks.yml", "checks.camel.yml", "checks.camel.yaml.bak", "notes.txt", "x.yaml~"})
  void aFileOfAnotherSuffixIsNamed(String name) throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Files.writeString(routes.resolve(name), "x\n");
    assertThatThrownBy(() -> Caravan.check(settings(), routes)).hasMessageContaining(name);
  }

  @Test
  void routesMayLieInADirectoryOfAnyName() throws Exception {
    Caravan.check(settings(), Edits.copyOfRoutes(directory.resolve("a+b %41 é")));
  }

  @Test
  void theShippedRoutesAndOneMoreAreGood() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    own(routes, "audit.camel.yaml", "audit", "artemis:audit", "        - to: artemis:routing\n");
    Caravan.check(settings(), routes);
    assertThat(routes.resolve("audit.camel.yaml")).exists();
  }

  private static void own(Path routes, String file, String id, String from, String steps)
      throws Exception {
    Files.writeString(
        routes.resolve(file),
        "- route:\n    id: %s\n    from:\n      uri: %s\n      steps:\n%s"
            .formatted(id, from, steps));
  }

  private static void edit(Path file, String what, String with) throws Exception {
    String text = Files.readString(file);
    assertThat(text).contains(what);
    // the first only
    int at = text.indexOf(what);
    Files.writeString(file, text.substring(0, at) + with + text.substring(at + what.length()));
  }

  private Settings settings() throws Exception {
    return SettingsFile.read(Optional.empty(), List.of(), Optional.of(directory.resolve("var")));
  }
}

package org.caravanmta.route;

import static org.assertj.core.api.Assertions.assertThatCode;
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
import org.junit.jupiter.params.provider.ValueSource;

/// What `caravan check` says of routes that lead back to where they began.
class RouteLoopsTest {
  private static final String FROM_X =
      "- route: { id: x, from: { uri: 'artemis:x?consumers=2', steps: [ %s ] } }\n";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ to: 'artemis:x' }",
        "{ to: 'artemis://x?durable=true' }",
        "{ log: 'again' }, { to: 'artemis:x' }",
        "{ setHeader: { name: a, constant: b } }, { to: { uri: 'artemis:x' } }",
        "{ multicast: { steps: [ { to: 'artemis:hold' }, { to: 'artemis:x' } ] } }",
        "{ split: { simple: '${body}', steps: [ { to: 'artemis:x' } ] } }",
        "{ doTry: { steps: [ { to: 'artemis:x' } ], doCatch: [ { exception: [java.lang.Exception],"
            + " steps: [ { log: 'no' } ] } ] } }",
        "{ choice: { when: [ { simple: '${body} == 1', steps: [ { to: 'artemis:hold' } ] } ] } },"
            + " { to: 'artemis:x' }",
      })
  void aStageThatFeedsItselfIsRefused(String steps) throws Exception {
    Path routes = with(FROM_X.formatted(steps));
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .isInstanceOf(Problem.class)
        .hasMessage(
            routes.resolve("more.camel.yaml")
                + ": route x: a message would turn for ever: artemis:x -> artemis:x");
  }

  @Test
  void soIsARingOfStages() throws Exception {
    Path routes =
        with(
            FROM_X.formatted("{ to: 'artemis:y' }")
                + FROM_X.replace("x", "y").formatted("{ to: 'direct:z' }")
                + "- route: { id: z, from: { uri: 'direct:z', steps: [ { to: 'artemis:x' } ] }"
                + " }\n");
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .isInstanceOf(Problem.class)
        .hasMessageEndingWith(
            ": route x: a message would turn for ever: artemis:x -> artemis:y -> direct:z ->"
                + " artemis:x");
  }

  /// By whatever step, and whether or not every message takes it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ to: 'direct:x' }",
        "{ toD: 'direct:x?block=false' }",
        "{ wireTap: { uri: 'direct:x' } }",
        "{ filter: { simple: '${body.size} > 9', steps: [ { to: 'direct://x' } ] } }",
        "{ stop: {} }, { to: 'direct:x' }",
        "{ doTry: { steps: [ { log: 'no' } ], doCatch: [ { exception: [java.lang.Exception],"
            + " steps: [ { to: 'direct:x' } ] } ] } }",
        "{ doTry: { steps: [ { log: 'no' } ], doFinally: { steps: [ { to: 'direct:x' } ] } } }",
        "{ choice: { when: [ { simple: '${body} == 1', steps: [ { log: 'no' } ] } ],"
            + " otherwise: { steps: [ { to: 'direct:x' } ] } } }",
      })
  void aRouteThatCallsItselfIsRefused(String steps) throws Exception {
    Path routes = with(FROM_X.replace("artemis:x?consumers=2", "direct:x").formatted(steps));
    assertThatThrownBy(() -> Caravan.check(settings(), routes))
        .isInstanceOf(Problem.class)
        .hasMessage(
            routes.resolve("more.camel.yaml")
                + ": route x: leads back to itself: direct:x -> direct:x");
  }

  /// What is decided for each message may come to an end.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ choice: { when: [ { simple: '${body.size} > 9', steps: [ { to: 'artemis:x' } ] } ],"
            + " otherwise: { steps: [ { to: 'artemis:hold' } ] } } }",
        "{ filter: { simple: '${body.size} > 9', steps: [ { to: 'artemis:x' } ] } }",
        "{ bean: { ref: retry, method: due } }, { to: 'artemis:x' }, { to: 'artemis:routing' }, {"
            + " to: 'artemis:report' }",
        "{ to: 'artemis:hold' }, { stop: {} }, { to: 'artemis:x' }",
        "{ to: 'artemis:routing' }",
      })
  void whatMayEndIsNot(String steps) throws Exception {
    Path routes = with(FROM_X.formatted(steps));
    assertThatCode(() -> Caravan.check(settings(), routes)).doesNotThrowAnyException();
  }

  private Path with(String more) throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Files.writeString(routes.resolve("more.camel.yaml"), more);
    return routes;
  }

  private Settings settings() throws Exception {
    return SettingsFile.read(Optional.empty(), List.of(), Optional.of(directory.resolve("var")));
  }
}

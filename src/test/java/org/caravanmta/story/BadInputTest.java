package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.caravanmta.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What an operator gets wrong: one clear line, exit code 2, and nothing half-started.
@Execution(ExecutionMode.CONCURRENT)
class BadInputTest {
  @TempDir Path directory;

  @Test
  void aKeyThatDoesNotExist() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("my.yaml"), "hostname: mx.example\nqueue:\n  lifetme: 5d\n");

    refused("my.yaml:3: queue.lifetme", "--config", config.toString());
  }

  @Test
  void aValueOfTheWrongKind() throws Exception {
    Path config = Files.writeString(directory.resolve("my.yaml"), "queue:\n  lifetime: soon\n");

    refused("my.yaml:2: queue.lifetime: soon", "--config", config.toString());
  }

  @Test
  void aSettingOfTheCommandLine() throws Exception {
    refused("--set", "--set", "smtp.size-limit=huge");
  }

  @Test
  void aFileThatIsNotThere() throws Exception {
    refused("nowhere.yaml", "--config", directory.resolve("nowhere.yaml").toString());
  }

  @Test
  void aTableThatIsNotThere() throws Exception {
    refused("virtual", "--set", "rewriting.virtual-aliases=['texthash:" + directory + "/virtual']");
  }

  @Test
  void brokenYaml() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Edits.replace(routes.resolve("dnsbl.camel.yaml"), "steps:", "setps:");

    refused("dnsbl.camel.yaml", "--routes", routes.toString());
  }

  @Test
  void anXmlFileThatCamelWouldPassOver() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Files.writeString(routes.resolve("mine.camel.xml"), "<rout><from uri='artemis:x'/></rout>\n");

    refused("mine.camel.xml", "--routes", routes.toString());
  }

  @Test
  void xmlThatIsNoXml() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Files.writeString(routes.resolve("mine.camel.xml"), "<?xml version=\n<camel/>\n");

    refused("mine.camel.xml", "--routes", routes.toString());
  }

  @Test
  void aFileThatHoldsNoRoute() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Files.writeString(routes.resolve("empty.camel.yaml"), "# nothing yet\n");

    refused("empty.camel.yaml", "--routes", routes.toString());
  }

  @Test
  void aQueueThatNobodyEmpties() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Edits.replace(routes.resolve("reception.camel.yaml"), "artemis:checks", "artemis:chekcs");

    refused("artemis:chekcs", "--routes", routes.toString());
  }

  @Test
  void aBeanThatDoesNotExist() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Edits.replace(routes.resolve("checks.camel.yaml"), "ref: checks", "ref: chekcs");

    refused("chekcs", "--routes", routes.toString());
  }

  @Test
  void aRestrictionClassThatNamesItselfByATable() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Path table =
        Files.writeString(directory.resolve("senders"), "far.example OK\nx.example picky\n");
    restrictionClass(routes, "picky", "bean: { ref: 'checkSenderAccess texthash:" + table + "' }");

    refused("picky.camel.yaml: route picky: leads back to itself", "--routes", routes.toString());
  }

  @Test
  void restrictionClassesThatNameEachOther() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    restrictionClass(
        routes,
        "fussy",
        "bean: { ref: 'checkHeloAccess inline:{ {a = reject}, {b = warn_if_reject dainty} }' }");
    restrictionClass(
        routes, "dainty", "filter: { simple: '${header.own}', steps: [{ to: direct://nice }] }");
    restrictionClass(routes, "nice", "bean: { ref: 'checkClientAccess static:fussy' }");

    refused(
        "direct:dainty -> direct:nice -> direct:fussy -> direct:dainty",
        "--routes",
        routes.toString());
  }

  @Test
  void aRouteOfAStageThatLeadsBackToItself() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    restrictionClass(routes, "again", "to: direct:again?block=false");

    refused("direct:again -> direct:again", "--routes", routes.toString());
  }

  private static void restrictionClass(Path routes, String name, String step) throws Exception {
    Files.writeString(
        routes.resolve(name + ".camel.yaml"),
        """
        - route:
            id: %1$s
            description: Turns
            from:
              uri: direct:%1$s
              steps:
                - %2$s
        """
            .formatted(name, step));
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refused(
          "127.0.0.1:" + taken.getLocalPort(),
          "--set",
          "listeners.smtp.address=127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void aDataDirectoryThatCannotBeWritten() throws Exception {
    Path file = Files.writeString(directory.resolve("a-file"), "not a directory");

    refusedIn(file.resolve("var"), file.toString());
  }

  private void refused(String names, String... arguments) throws IOException, InterruptedException {
    refusedIn(directory.resolve("var"), names, arguments);
  }

  private static void refusedIn(Path data, String names, String... arguments)
      throws IOException, InterruptedException {
    try (var caravan = Server.launch(Ports.free(), Ports.free(), data, "-Xmx128m", arguments)) {
      int exit = caravan.exit();
      List<String> lines = caravan.lines();
      assertThat(lines).as("what was printed").hasSize(1);
      assertThat(lines.getFirst()).contains(names);
      assertThat(exit).isEqualTo(2);
      assertThat(data.resolve("broker")).as("nothing is half-started").doesNotExist();
    }
  }
}

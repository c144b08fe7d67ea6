package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Table;
import org.caravanmta.table.Tables;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same tables and keys to Postfix's own `postmap -q` and to Caravan: the same answers.
/// Debian's packages postfix and postfix-pcre.
///
/// Differences that are meant, and so not among the keys: a table that Postfix warns of and goes on
/// with (a line without a value, a second entry, a pattern that does not compile) is refused here
/// with its line, and `\C` in a pattern is not known.
class PostmapTest {
  private static final Path TABLES = Path.of("src/test/resources/tables");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "texthash:virtual",
        "texthash:canonical",
        "texthash:generic",
        "texthash:relocated",
        "texthash:transport",
        "texthash:sender_relayhost",
        "texthash:recipient_bcc",
        "texthash:relay_recipients",
        "texthash:access",
        "regexp:header_checks.regexp",
        "pcre:header_checks.pcre",
        "pcre:virtual.pcre",
        "pcre:sender_login.pcre",
        "cidr:client_access.cidr",
        "cidr:networks.cidr",
        "inline:{joe=Joe.Doe@example.com, { ann@example.com = a, b }, x=y}",
        "static:always the same",
        "unionmap:{texthash:virtual,static:x,inline:{joe=1}}",
        "unionmap:{texthash:canonical,texthash:generic}",
        "pipemap:{pcre:sender_login.pcre,texthash:canonical}",
        "pipemap:{texthash:canonical,static:known}",
        "regexp:{{/^a(.*)@example\\.com$/ $1},{/b/ has b}}",
        "pcre:{{/^(?!ann)\\w+@example/ not ann}}",
        "cidr:{{10.0.0.0/8 ten},{::/0 six}}",
        "cidr:{{!192.0.2.0/24 outside},{::/0 six}}",
        "cidr:{{!2001:db8::/32 other six},{0.0.0.0/0 four}}",
        "cidr:{{if !10.0.0.0/8},{::/0 six},{192.0.0.0/8 near},{endif},{::1 me}}",
        "cidr:{{if !2001:db8::/32},{192.0.0.0/8 near},{::/0 six},{endif},{10.1.0.0/16 branch}}",
      })
  void postfixSaysTheSame(String name) throws Exception {
    String table =
        name.replaceAll(
            "(texthash|regexp|pcre|cidr):(?=[a-z])", "$1:" + TABLES.toAbsolutePath() + "/");
    List<String> keys = keys();
    Map<String, String> theirs = postmap(table, keys);
    Table ours = Tables.open(table);

    var differences = new ArrayList<String>();
    for (String key : keys) {
      String said =
          switch (ours.find(key)) {
            case Lookup.Found(String value) -> value;
            case Lookup.Absent() -> "(absent)";
            case Lookup.Unavailable(String why) -> "(unavailable: " + why + ")";
          };
      String expected = theirs.getOrDefault(key, "(absent)");
      if (!said.equals(expected)) {
        differences.add(key + ": Postfix: " + expected + ", we: " + said);
      }
    }
    assertThat(keys).hasSizeGreaterThan(400);
    assertThat(theirs).as("what postmap finds").isNotEmpty();
    assertThat(differences).isEmpty();
  }

  /// Every word of every table, in several forms, and what mail brings.
  private static List<String> keys() throws IOException {
    Set<String> keys = new LinkedHashSet<>();
    try (var files = Files.list(TABLES)) {
      for (Path file : files.sorted().toList()) {
        for (String word : Files.readString(file).split("[\\s,]+")) {
          keys.add(word);
          keys.add(word.toUpperCase(java.util.Locale.ROOT));
        }
      }
    }
    for (String user :
        List.of("ann", "joe", "Joe+lists", "list-x.y", "first.last", "a b", "root")) {
      for (String domain :
          List.of(
              "example.com",
              "people.example.com",
              "dev.example.com",
              "EXAMPLE.com",
              "far.example")) {
        keys.add(user + "@" + domain);
      }
    }
    for (String address :
        List.of(
            "10.1.2.3",
            "10.2.0.0",
            "10.3.0.1",
            "192.168.1.1",
            "192.168.7.7",
            "192.0.2.7",
            "192.0.3.7",
            "203.0.113.1",
            "2001:db8::1",
            "2001:DB8::2",
            "2001:db9::",
            "::1")) {
      keys.add(address);
    }
    keys.addAll(
        List.of(
            "Subject: MAKE money fast",
            "Subject: hello [adv]",
            "subject: case",
            "subject: CASE",
            "Subject: re: re: Free beer",
            "Subject: free viagra",
            "Received: from host17.internal by x",
            "Content-Type: application/x; name=\"virus.exe\"",
            "Content-Type: text/plain; name=notes.txt",
            "From: bot12345@example.com",
            "From: ann <ann@example.com>",
            "X-Mailer: Evil/7",
            "List-Id: <list.example.com>",
            "X-Odd: call 555-1234",
            "aaaa",
            "first\tsecond",
            "\"first last\"@example.com",
            "üml@example.com"));
    keys.removeIf(key -> key.isBlank() || key.contains("\t"));
    return List.copyOf(keys);
  }

  private Map<String, String> postmap(String table, List<String> keys) throws Exception {
    Path program = Path.of("/usr/sbin/postmap");
    boolean here =
        Files.isExecutable(program)
            && (!table.contains("pcre")
                || Files.exists(Path.of("/etc/postfix/dynamicmaps.cf")) && pcre());
    if (!here) {
      System.out.println("SKIPPED: postmap is not here; apt-get install postfix postfix-pcre");
      Assumptions.abort("postmap with pcre is not installed");
    }
    PrivatePostfix.write(
        directory.resolve("main.cf"),
        "compatibility_level=3.6\nmyhostname=mx.example.com\nmydomain=example.com\n");
    Files.writeString(directory.resolve("keys"), String.join("\n", keys) + "\n");
    var process =
        new ProcessBuilder(program.toString(), "-c", directory.toString(), "-q", "-", table)
            .redirectInput(directory.resolve("keys").toFile())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    var found = new HashMap<String, String>();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    // an empty value is not an answer: Postfix says so here, and our search paths do
    assertThat(Files.readAllLines(directory.resolve("errors")))
        .allMatch(line -> line.contains("empty string result") || line.contains("NO RESULT"));
    for (String line : printed.split("\n")) {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        found.put(line.substring(0, tab), line.substring(tab + 1));
      }
    }
    return found;
  }

  private static boolean pcre() throws IOException {
    try (var files = Files.walk(Path.of("/etc/postfix"), 2)) {
      for (Path file : files.filter(f -> f.toString().contains("dynamicmaps")).toList()) {
        if (Files.isRegularFile(file) && Files.readString(file).contains("postfix-pcre.so")) {
          return true;
        }
      }
    }
    return false;
  }
}

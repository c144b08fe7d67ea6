package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.caravanmta.peers.PrivatePostfix;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Postfix and Caravan, both as root, with the same aliases, lists, `.forward` files and mailboxes
/// of the machine's users: the same files come to be, of the same users, for the same to read, with
/// the same messages in them. Debian's package postfix; needs root.
///
/// What differs on purpose is not seen in files: mail for `closed`, `linked` and `pipe`, which
/// cannot be written to, Postfix returns; here it waits, for the operator may mend that. One
/// difference is: Postfix lets nobody have mail while a command beside him has to wait.
class LocalBesidePostfixTest {
  private static final List<String> RECIPIENTS =
      List.of(
          "file",
          "file",
          "dir",
          "prog",
          "null",
          "list",
          "binlist",
          "theirs",
          "theirlist",
          "theirprog",
          "daemon",
          "daemon+news",
          "games",
          "games",
          "man+x",
          "nobodyhere",
          "nobodyhere+ext",
          "closed",
          "linked",
          "pipe",
          "Ann+News@Piped.example");

  /// Aliases as people write them, and as they mistype them. Whose mail goes elsewhere goes to a
  /// program that makes a file of the name of whom it is for.
  private static final Map<String, String> ODD =
      Map.ofEntries(
          Map.entry("angles", "<r1@r.example> <r2@r.example>"),
          Map.entry("blanks", "r1@r.example\n r2@r.example r3@r.example"),
          Map.entry("semicolon", "r1@r.example; r2@r.example"),
          Map.entry("group", "staff: r1@r.example, Ann <r2@r.example>;"),
          Map.entry("escaped", "\\r1@r.example, \\games"),
          Map.entry("comments", "(x) r1@r.example (y, z@r.example), \"Q, R\" <r2@r.example>"),
          Map.entry("outside", "|\"id -un > PLACE/open/odd-outside; cat > /dev/null\""),
          Map.entry("unquoted", "|PLACE/args r1@r.example"),
          Map.entry(
              "twice", "r1@r.example, R1@R.EXAMPLE, PLACE/open/odd-twice, PLACE/open/odd-twice"),
          Map.entry("badone", "r1@r.example, 'r2@r.example', r3@r.example"),
          Map.entry("badlist", "r1@r.example, :include:PLACE/none, r2@r.example"),
          Map.entry("badcommand", "|\"exit 1\", r1@r.example"),
          Map.entry("nocommand", "|PLACE/none, r1@r.example"),
          Map.entry("homeless", "~/file, r1@r.example"),
          Map.entry("spaced", "\"PLACE/open/odd file\", r1@r.example"),
          Map.entry("literal", "a @ r . example, b!c@r.example"));

  /// A line of master.cf.
  private static final String NOTE =
      "note unix - n n - - pipe flags=DROhu user=daemon argv=PLACE/note -f ${sender} -d"
          + " ${recipient} ${original_recipient} ${nexthop} ${user} ${extension} ${mailbox}"
          + " {a b}";

  private static final String KEEP =
      "keep unix - n n - - pipe flags= user=nobody argv=PLACE/keep ${original_recipient}"
          + " ${recipient}";

  @TempDir static Path directory;

  @Test
  void makeTheSameFilesOfTheSameUsers() throws Exception {
    if (!Files.isExecutable(Path.of("/usr/sbin/postfix"))) {
      System.out.println("SKIPPED: Postfix is not here; apt-get install postfix");
      Assumptions.abort("Postfix is not installed");
    }
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: Postfix starts as root only");
    mode(directory, "rwxr-xr-x");
    Map<String, String> expected = postfix(place("postfix"));
    String beside = "open/odd nocommand@example.com r1@r.example";
    assertThat(expected).doesNotContainKey(beside);
    expected.put(beside, expected.get("open/odd badcommand@example.com r1@r.example"));
    Map<String, String> ours = caravan(place("caravan"), expected);
    assertThat(expected).hasSizeGreaterThan(20);
    assertThat(ours).isEqualTo(expected);
  }

  private static Map<String, String> postfix(Path place) throws Exception {
    for (String aliases : List.of("aliases", "theirs")) {
      Path etc = Files.createDirectories(place.resolve("etc"));
      PrivatePostfix.write(etc.resolve("main.cf"), "compatibility_level = 3.6\n");
      var process =
          new ProcessBuilder(
                  "/usr/sbin/postalias", "-c", etc.toString(), "hash:" + place.resolve(aliases))
              .inheritIO()
              .start();
      assertThat(process.waitFor()).isZero();
    }
    owned(place.resolve("theirs.db"), "daemon");
    try (PrivatePostfix postfix =
        PrivatePostfix.start(
            directory.resolve("private"),
            """
            myhostname = mx.example.com
            mydestination = example.com
            myorigin = example.com
            mynetworks = 127.0.0.0/8
            alias_maps = hash:PLACE/aliases, hash:PLACE/theirs
            local_recipient_maps =
            recipient_delimiter = +
            allow_mail_to_files = alias, forward, include
            allow_mail_to_commands = alias, forward, include
            forward_path = PLACE/home/$user/.forward+$extension, PLACE/home/$user/.forward
            mail_spool_directory = PLACE/spool
            luser_relay = caught+${extension?{$extension}:{$user}}
            relay_domains = piped.example
            note_destination_recipient_limit = 1
            transport_maps = inline:{piped.example=note:there, r.example=keep:}
            keep_destination_recipient_limit = 1
            notify_classes =
            """
                .replace("PLACE", place.toString()),
            (NOTE + "\n" + KEEP + "\n").replace("PLACE", place.toString()))) {
      send(postfix.port);
      await().atMost(Duration.ofSeconds(60)).until(postfix::idle);
      return found(place);
    }
  }

  private static Map<String, String> caravan(Path place, Map<String, String> expected)
      throws Exception {
    owned(place.resolve("theirs"), "daemon");
    Path settings = directory.resolve("caravan.yaml");
    Files.writeString(
        settings,
        """
        hostname: mx.example.com
        domains:
          own: [example.com]
          relay: [piped.example]
        recipients:
          own: ["inline:{daemon=x, games=x, man=x}"]
        routing:
          transport: ["inline:{piped.example=note:there, r.example=keep:}"]
        delivery:
          programs: ["NOTE", "KEEP"]
        rewriting:
          origin: example.com
          recipient-delimiter: "+"
        local:
          aliases: ["hash:PLACE/aliases", "hash:PLACE/theirs"]
          allow-files: [alias, forward, include]
          allow-commands: [alias, forward, include]
          command-user: nobody
          forward: PLACE/home/%u/.forward
          mailbox: PLACE/spool/%u
          catch-all: "caught+${extension?{$extension}:{$user}}"
        """
            .replace("NOTE", NOTE)
            .replace("KEEP", KEEP)
            .replace("PLACE", place.toString()));
    try (Server caravan =
        Server.start(directory.resolve("data"), "--config", settings.toString())) {
      send(caravan.smtp);
      await().atMost(Duration.ofSeconds(60)).until(() -> ended(caravan));
      try {
        await().atMost(Duration.ofSeconds(20)).until(() -> found(place).equals(expected));
      } catch (ConditionTimeoutException e) {
        // what is missing is in what is compared
      }
      return found(place);
    }
  }

  /// Whether something has become of all that was sent.
  private static boolean ended(Server caravan) {
    return caravan.lines().stream().filter(line -> line.contains("status=")).count()
        >= recipients().size();
  }

  private static List<String> recipients() {
    return Stream.of(RECIPIENTS, ODD.keySet(), List.of("quoted"))
        .flatMap(Collection::stream)
        .toList();
  }

  private static void send(int port) throws IOException {
    for (String recipient : recipients()) {
      try (Talk talk = Talk.to(port)) {
        String to = recipient.contains("@") ? recipient : recipient + "@example.com";
        assertThat(talk.send("", to, "Subject: x\r\n\r\nFor " + recipient + "\r\nFrom me\r\n"))
            .startsWith("250");
      }
    }
  }

  /// Everything that aliases, lists and users name, for one of the two.
  private static Path place(String name) throws Exception {
    Path place = Files.createDirectory(directory.resolve(name));
    mode(place, "rwxr-xr-x");
    mode(Files.createDirectory(place.resolve("open")), "rwxrwxrwx");
    mode(Files.createDirectory(place.resolve("home")), "rwxr-xr-x");
    Path spool = Files.createDirectory(place.resolve("spool"));
    group(spool, "mail");
    mode(spool, "rwxrwxr-x");
    Files.createDirectory(place.resolve("shut"));
    mode(Files.writeString(place.resolve("shut/file"), "kept\n"), "rw-r--r--");
    Files.createSymbolicLink(place.resolve("open/link"), place.resolve("shut/file"));
    assertThat(new ProcessBuilder("mkfifo", "-m", "666", place + "/open/pipe").start().waitFor())
        .isZero();
    write(
        place,
        "aliases",
        """
        file: PLACE/open/file
        dir: PLACE/open/dir/
        prog: "|id -un > PLACE/open/said; id -gn >> PLACE/open/said"
        null: /dev/null
        list: :include:PLACE/list
        binlist: :include:PLACE/binlist
        caught: PLACE/open/caught
        caught+ext: PLACE/open/caught-ext
        closed: PLACE/shut/file
        linked: PLACE/open/link
        pipe: PLACE/open/pipe
        """);
    Path aliases = place.resolve("aliases");
    var odd = new StringBuilder(Files.readString(aliases));
    ODD.forEach((alias, value) -> odd.append(alias + ": " + value + "\n"));
    // lines that postalias passes over, and one after them
    odd.append("noval:\n: nobody\nsome@where: x\n\"quoted\" : r1@r.example\n");
    write(place, "aliases", odd.toString());
    for (String program :
        List.of(
            "args \"$#\" >> PLACE/open/odd-args", "keep \"For $2\" > \"PLACE/open/odd $1 $2\"")) {
      String[] parts = program.split(" ", 2);
      String script = "#!/bin/sh\ncat > /dev/null\necho " + parts[1] + "\n";
      mode(write(place, parts[0], script), "rwxr-xr-x");
    }
    write(
        place,
        "theirs",
        """
        theirs: PLACE/open/theirs
        theirlist: :include:PLACE/binlist2
        theirprog: "|id -un > PLACE/open/theysaid"
        """);
    mode(
        write(
            place,
            "note",
            """
            #!/bin/sh
            { for word; do echo "<$word>"; done; id -un; sed '/^Received/,$d'; } > PLACE/open/note
            """),
        "rwxr-xr-x");
    write(place, "list", "PLACE/open/listed, \"|id -un > PLACE/open/listsaid\"\n");
    for (String list : List.of("binlist", "binlist2", "binlist3")) {
      String members = "PLACE/open/%s-listed, \"|cat > PLACE/open/%s-said\"\n".replace("%s", list);
      owned(write(place, list, members), "bin");
    }
    write(
        place,
        "home/daemon/.forward",
        "\\daemon, PLACE/open/forwarded, PLACE/open/forwarddir/, :include:PLACE/binlist3\n");
    write(place, "home/daemon/.forward+news", "\"|id -un > PLACE/open/news\"\n");
    write(place, "home/man/.forward", "# nothing\n");
    for (String user : List.of("daemon", "man")) {
      owned(place.resolve("home/" + user), user);
    }
    owned(place.resolve("home/daemon/.forward"), "daemon");
    owned(place.resolve("home/daemon/.forward+news"), "daemon");
    return place;
  }

  private static Path write(Path place, String name, String text) throws IOException {
    Path file = place.resolve(name);
    Files.createDirectories(file.getParent());
    return PrivatePostfix.write(file, text.replace("PLACE", place.toString()));
  }

  /// What there is, with whose it is, who may use it, and how many messages it has.
  private static Map<String, String> found(Path place) throws IOException {
    var found = new TreeMap<String, String>();
    for (String part : List.of("open", "spool", "shut", "home")) {
      try (var files = Files.walk(place.resolve(part))) {
        files.forEach(
            file -> {
              String name = place.relativize(file).toString();
              boolean unique = name.matches(".*/(new|cur|tmp)/.*");
              String about = described(file).replace(place.toString(), "PLACE");
              found.merge(unique ? name.replaceFirst("[^/]*$", "*") : name, about, String::concat);
            });
      } catch (UncheckedIOException e) {
        // it went while we looked
        return Map.of();
      }
    }
    return found;
  }

  private static String described(Path file) {
    try {
      var attributes =
          Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      String said =
          attributes.owner()
              + ":"
              + attributes.group()
              + " "
              + PosixFilePermissions.toString(attributes.permissions());
      if (!attributes.isRegularFile()) {
        return said;
      }
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      long messages = text.lines().filter(line -> line.matches("For .*")).count();
      boolean marked = text.contains("\n>From me\n");
      boolean first = text.startsWith("From MAILER-DAEMON  ");
      return said
          + (messages > 0
              ? " " + messages + (marked ? " marked" : "") + (first ? " mbox" : "")
              : " " + text.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path owned(Path path, String user) throws IOException {
    var users = path.getFileSystem().getUserPrincipalLookupService();
    return Files.setOwner(path, users.lookupPrincipalByName(user));
  }

  private static void group(Path path, String group) throws IOException {
    var users = path.getFileSystem().getUserPrincipalLookupService();
    Files.setAttribute(path, "posix:group", users.lookupPrincipalByGroupName(group));
  }

  private static Path mode(Path path, String mode) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}

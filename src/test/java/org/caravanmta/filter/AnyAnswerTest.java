package org.caravanmta.filter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.caravanmta.address.Domain;
import org.caravanmta.filter.clamd.ClamdFilter;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.contract.Playback;
import org.caravanmta.filter.contract.RudeServer;
import org.caravanmta.filter.hooks.HooksFilter;
import org.caravanmta.filter.hooks.HooksService;
import org.caravanmta.filter.hooks.HooksStage;
import org.caravanmta.filter.hooks.HooksTerms;
import org.caravanmta.filter.icap.IcapFilter;
import org.caravanmta.filter.milter.MacroNames;
import org.caravanmta.filter.milter.MilterFilter;
import org.caravanmta.filter.milter.MilterHouse;
import org.caravanmta.filter.pipe.FilterProgram;
import org.caravanmta.filter.pipe.PipeFilter;
import org.caravanmta.filter.proxy.ProxyFilter;
import org.caravanmta.filter.rspamd.RspamdFilter;
import org.caravanmta.filter.rspamd.RspamdTerms;
import org.caravanmta.filter.spamd.SpamdFilter;
import org.caravanmta.filter.spamd.SpamdTerms;
import org.caravanmta.smtp.Grammar;

/// Whatever a content filter says, asking it ends in a judgement, and nothing but a whole answer
/// lets a message pass.
class AnyAnswerTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2));
  private static final boolean ROOT = System.getProperty("user.name").equals("root");
  private static final String USER = ROOT ? "nobody" : System.getProperty("user.name");

  private static Examined letter = null;
  private static Path directory = Path.of("");

  /// A protocol, with all that a filter says that lets a message pass.
  enum Kind {
    MILTER(
        // it wants to be told of the end only
        packet("O\0\0\0\6\0\0\1\u00ff\0\0\3\u007f") + packet("hX-A\0a\n b\0") + packet("c")),
    CLAMD("stream: OK\0"),
    SPAMD(
        "SPAMD/1.1 0 EX_OK\r\nContent-length: 20\r\nSpam: False ; 1.0 / 5.0\r\n\r\n"
            + "Subject: y\r\nA: b\r\n\r\n"),
    RSPAMD(
        http(
            "multipart/mixed; boundary=\"b\"",
            "--b\r\nContent-Disposition: form-data; name=\"result\"\r\n\r\n{\"action\":\"add"
                + " header\",\"score\":1.5,\"milter\":{\"add_headers\":{\"X-A\":{\"value\":\"b\","
                + "\"order\":1}},\"remove_headers\":{\"Subject\":0},\"add_rcpt\":[\"x@y.example\"]"
                + ",\"change_from\":\"<z@y.example>\"}}\r\n--b--\r\n")),
    ICAP(
        "ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nISTag: \"1\"\r\nEncapsulated: null-body=0\r\n\r\n"
            + "ICAP/1.0 200 OK\r\nISTag: \"1\"\r\nEncapsulated: res-hdr=0, res-body=19\r\n\r\n"
            + "HTTP/1.1 200 OK\r\n\r\n12\r\nSubject: y\r\n\r\nx\r\n.\r\n0\r\n\r\n"),
    HTTP(
        http(
            "application/json",
            "{\"registrationId\":\"reg_1\",\"status\":\"active\",\"hookEndpoint\":\"/hook\","
                + "\"negotiated\":{\"serialization\":\"json\",\"inbound\":{\"stages\":[\"data\"],"
                + "\"properties\":[\"/action\",\"/rawMessage\"]},\"outbound\":null}}")),
    SMTP("220 a\r\n250 a\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go\r\n250 2.0.0 Ok\r\n"),
    PIPE("Subject: y\nA: b\n\nnew\n");

    private final String whole;

    Kind(String whole) {
      this.whole = whole;
    }

    private static String packet(String data) {
      return "\0\0\0" + (char) data.length() + data;
    }

    private static String http(String type, String body) {
      return "HTTP/1.1 200 OK\r\nContent-Type: "
          + type
          + "\r\nContent-Length: "
          + body.length()
          + "\r\n\r\n"
          + body;
    }

    MessageFilter at(RudeServer server) {
      FilterAddress address = server.address();
      String url = "http://127.0.0.1:" + server.port();
      return switch (this) {
        case MILTER -> new Playback(new MilterFilter(address, PATIENCE, MacroNames.USUAL, house()));
        case CLAMD -> new ClamdFilter(address, PATIENCE);
        case SPAMD ->
            new SpamdFilter(
                address,
                PATIENCE,
                new SpamdTerms(
                    SpamdTerms.Command.HEADERS, 1 << 20, Optional.empty(), OptionalDouble.of(15)));
        case RSPAMD -> new RspamdFilter(url, PATIENCE, RspamdTerms.USUAL);
        case ICAP ->
            new IcapFilter(
                "icap://127.0.0.1:" + server.port() + "/s", PATIENCE, InstantSource.system());
        case HTTP ->
            new HooksFilter(
                new HooksService(
                    url + "/register",
                    new HooksTerms(
                        "mx.example.com",
                        Optional.empty(),
                        Set.of(HooksStage.DATA),
                        Optional.empty()),
                    PATIENCE,
                    InstantSource.system()));
        case SMTP -> new ProxyFilter(address, PATIENCE);
        case PIPE -> throw new IllegalStateException();
      };
    }

    /// The answer of a filter that says this, whatever it is asked, and closes.
    FilterAnswer to(byte[] said) throws IOException {
      if (this == PIPE) {
        Path output = Files.write(directory.resolve("output"), said);
        try (var filter =
            new PipeFilter(
                FilterProgram.parse("test user=" + USER + " time_limit=5s argv=/bin/cat " + output),
                ROOT)) {
          return filter.examine(letter);
        }
      }
      try (var server = new RudeServer(new String(said, ISO_8859_1), 0, true);
          var filter = at(server)) {
        return filter.examine(letter);
      }
    }
  }

  static MilterHouse house() {
    return new MilterHouse(
        "mx.example.com",
        "Caravan",
        "mx.example.com",
        Map.of(),
        _ -> Optional.empty(),
        Grammar.of(new Domain("example.com")),
        1 << 20);
  }

  @BeforeContainer
  static void prepare() throws IOException {
    directory = Files.createTempDirectory("any-answer");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    letter =
        ExaminedLetters.of(
            "Subject: x\r\nTo: b@example.com\r\n", "hello\r\n", directory.resolve("store"));
  }

  private static boolean passes(Judgement judgement) {
    return judgement instanceof Judgement.Pass
        || judgement instanceof Judgement.Taken
        || judgement instanceof Judgement.Discard;
  }

  /// What follows from an answer can be done, too.
  private static void done(FilterAnswer answer) {
    assertThat(EditedMail.edit(letter.mail(), answer.edits(), List::of)).isNotNull();
    assertThat(answer.judgement()).isNotNull();
  }

  @Example
  void aWholeAnswerLetsAMessagePass() throws IOException {
    for (Kind kind : Kind.values()) {
      FilterAnswer answer = kind.to(kind.whole.getBytes(ISO_8859_1));
      // two that wait for us to speak first
      boolean spoken = kind == Kind.SMTP || kind == Kind.HTTP;
      assertThat(passes(answer.judgement())).as("%s: %s", kind, answer).isEqualTo(!spoken);
    }
  }

  @Example
  void aVersionBelowNothingIsNoAnswer() throws IOException {
    for (Kind kind : List.of(Kind.RSPAMD, Kind.HTTP)) {
      String said = kind.whole.replace("HTTP/1.1", "HTTP/-1.1");
      assertThat(kind.to(said.getBytes(ISO_8859_1)).judgement())
          .isInstanceOf(Judgement.NoAnswer.class);
    }
  }

  @Property(tries = 400)
  void bytesThatMeanNothingLetNothingPass(@ForAll Kind kind, @ForAll("bytes") byte[] said)
      throws IOException {
    FilterAnswer answer = kind.to(said);
    assertThat(passes(answer.judgement())).as("%s: %s", kind, answer).isFalse();
    done(answer);
  }

  /// Colons and numbers would begin to mean something.
  @Provide
  Arbitrary<byte[]> bytes() {
    return Arbitraries.bytes()
        .filter(b -> b != ':')
        .array(byte[].class)
        .ofMinSize(1)
        .ofMaxSize(300);
  }

  @Property(tries = 400)
  void anAnswerThatBreaksOffLetsNothingPass(@ForAll Kind kind, @ForAll double part)
      throws IOException {
    byte[] whole = kind.whole.getBytes(ISO_8859_1);
    int length = (int) (Math.abs(part % 1) * whole.length);
    // what a program has printed is whole when it has ended well
    int least = kind == Kind.PIPE ? 1 : 0;
    int most = kind == Kind.PIPE ? kind.whole.indexOf("\n\n") : whole.length - 1;
    byte[] said = Arrays.copyOf(whole, Math.clamp(length, least, most));
    FilterAnswer answer = kind.to(said);
    assertThat(passes(answer.judgement())).as("%s: %s", kind, answer).isFalse();
    done(answer);
  }

  @Property(tries = 1500)
  void anyAnswerEndsInAJudgement(@ForAll Kind kind, @ForAll("changes") List<Change> changes)
      throws IOException {
    var said = new StringBuilder(kind.whole);
    changes.forEach(change -> change.to(said));
    done(kind.to(said.toString().getBytes(ISO_8859_1)));
  }

  /// Whatever packets a milter answers with, in whatever order.
  @Property(tries = 600)
  void anyPacketsEndInAJudgement(@ForAll("packets") List<String> packets) throws IOException {
    String agreed = Kind.MILTER.whole.substring(0, 17);
    done(Kind.MILTER.to((agreed + String.join("", packets)).getBytes(ISO_8859_1)));
  }

  @Provide
  Arbitrary<List<String>> packets() {
    Arbitrary<String> letter = Arbitraries.of("yyyyyyhime+2-bqacdfprst4".split(""));
    Arbitrary<String> text =
        Arbitraries.of(
                "\0",
                "\n",
                "\r\n",
                "\r",
                " ",
                "\t",
                "4",
                "5",
                "50",
                "-",
                ".",
                "5.7.1",
                "%",
                "x",
                ":",
                "<",
                ">",
                "<a@b.example>",
                "NOTIFY=",
                "\0\0\0\1",
                "\u00ff")
            .list()
            .ofMaxSize(5)
            .map(words -> String.join("", words));
    return Combinators.combine(letter, text, Arbitraries.of("", "\0", "\0\0"))
        .as((first, words, end) -> Kind.packet(first + words + end))
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  /// Something else in a place of an answer.
  record Change(double place, int removed, String added) {
    void to(StringBuilder text) {
      int from = (int) (place * text.length());
      text.replace(from, Math.min(text.length(), from + removed), added);
    }
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<String> added =
        Arbitraries.oneOf(
            Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(4),
            Arbitraries.of(
                "",
                "\r\n",
                "\n",
                "\0",
                "\"",
                "{",
                "[",
                "null",
                "-1",
                "0",
                "99999999999",
                "ÿþ",
                ": ",
                "<>",
                "@",
                "550 4.7.1 x",
                Kind.packet("c"),
                Kind.packet("r"),
                Kind.packet("y\0"),
                Kind.packet("y550 4.7.1 abc\0"),
                Kind.packet("y451 5.999.1 a\rb\nc\0"),
                Kind.packet("+<>\0"),
                Kind.packet("+<a@b>\0"),
                Kind.packet("-\0"),
                Kind.packet("e<\0"),
                Kind.packet("q\0"),
                Kind.packet("b\r"),
                Kind.packet("m\0\0\0\1A\0b\0"),
                Kind.packet("m\0\0\0\0Subject\0\0"),
                Kind.packet("i\0\0\u00ff\u00ffA\0\0"),
                Kind.packet("h:\0\n\0"),
                Kind.packet("h\0\0")));
    return Combinators.combine(
            Arbitraries.doubles().between(0, 0.99), Arbitraries.integers().between(0, 6), added)
        .as(Change::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }
}

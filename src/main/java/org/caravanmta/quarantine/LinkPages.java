package org.caravanmta.quarantine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.message.Printable;
import org.caravanmta.state.Quarantined;
import org.caravanmta.state.StateUnavailable;
import org.caravanmta.web.WebPage;
import org.caravanmta.web.WebPages;
import org.caravanmta.web.WebRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pages to which links in digests lead. Programs follow links too, to look at what is there: a
/// GET shows what the link would do, and the button there does it (POST). They show no more of a
/// message than the digest has shown.
final class LinkPages implements WebPages {
  private static final Logger LOG = LoggerFactory.getLogger(LinkPages.class);
  private static final String HTML = "text/html; charset=utf-8";

  private static final String STYLE =
      "body{font:1rem/1.5 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}"
          + "dt{color:#555}dd{margin:0 0 .5rem;overflow-wrap:anywhere}"
          + "button{font:inherit;padding:.5rem 1.5rem;margin-top:1rem}";

  private static final Map<String, String> FIELDS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'sha256-"
              + sha256(STYLE)
              + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-store",
          "X-Content-Type-Options",
          "nosniff",
          "X-Robots-Tag",
          "noindex");

  private final LinkSigner signer;
  private final LinkDeeds deeds;
  private final InstantSource clock;

  LinkPages(LinkSigner signer, LinkDeeds deeds, InstantSource clock) {
    this.signer = signer;
    this.deeds = deeds;
    this.clock = clock;
  }

  @Override
  public WebPage at(WebRequest request) {
    try {
      // a proxy may pass on all of the path, or what follows its own
      String written = request.path().substring(request.path().lastIndexOf('/') + 1);
      Optional<DigestLink> link = signer.read(written);
      if (link.isEmpty()) {
        return said(404, "This link is not valid.");
      }
      if (clock.instant().isAfter(link.get().expires())) {
        return said(410, "This link has expired.");
      }
      return switch (request.method()) {
        case "GET" -> asked(link.get());
        case "POST" -> done(link.get());
        default -> said(405, "Only GET and POST.");
      };
    } catch (StateUnavailable e) {
      LOG.warn("a link of a digest cannot be followed now: {}", e.getMessage());
      return said(503, "This is not possible now. Please try again later.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return said(503, "This is not possible now. Please try again later.");
    } catch (Exception e) {
      LOG.error("a link of a digest cannot be followed now", e);
      return said(503, "This is not possible now. Please try again later.");
    }
  }

  private WebPage asked(DigestLink link) throws StateUnavailable {
    Optional<Quarantined> entry = deeds.entry(link);
    boolean over =
        switch (link.deed()) {
          case RELEASE, DELETE -> entry.isEmpty();
          case BLOCK -> deeds.isBlocked(link);
        };
    if (over) {
      return already(link);
    }
    var shown = new LinkedHashMap<String, String>();
    shown.put(
        "From", entry.map(Quarantined::sender).filter(it -> !it.isEmpty()).orElse(sender(link)));
    entry.ifPresent(
        it -> {
          shown.put("Subject", it.subject());
          shown.put("Why", it.why());
        });
    var list = new StringBuilder("<dl>");
    shown.forEach(
        (name, value) ->
            list.append("<dt>")
                .append(name)
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd>"));
    list.append("</dl>");
    return page(
        200,
        question(link),
        list
            + "<form method=\"post\"><button type=\"submit\">"
            + switch (link.deed()) {
              case RELEASE -> "Release";
              case DELETE -> "Delete";
              case BLOCK -> "Block";
            }
            + "</button></form>");
  }

  private static String sender(DigestLink link) {
    return link.sender().isEmpty() ? "<>" : link.sender();
  }

  private static String question(DigestLink link) {
    return switch (link.deed()) {
      case RELEASE -> "Release this message? It is delivered then.";
      case DELETE -> "Delete this message for good?";
      case BLOCK ->
          "Block " + link.sender() + "? Its mail to " + link.recipient() + " is refused then.";
    };
  }

  private WebPage done(DigestLink link) throws Exception {
    return switch (deeds.carryOut(link)) {
      case DONE ->
          said(
              200,
              switch (link.deed()) {
                case RELEASE -> "The message is released, and will be delivered.";
                case DELETE -> "The message is deleted.";
                case BLOCK ->
                    "Mail from " + link.sender() + " to " + link.recipient() + " is refused now.";
              });
      case ALREADY -> already(link);
      case LATER -> said(503, "This is not possible now. Please try again later.");
    };
  }

  private static WebPage already(DigestLink link) {
    return said(
        200,
        switch (link.deed()) {
          case RELEASE, DELETE ->
              "This is done already: the message is no longer in the quarantine.";
          case BLOCK -> "This is done already: " + link.sender() + " is blocked.";
        });
  }

  private static WebPage said(int status, String text) {
    return page(status, text, "");
  }

  private static WebPage page(int status, String heading, String rest) {
    return new WebPage(
        status,
        HTML,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + "<title>Quarantine</title><style>"
            + STYLE
            + "</style></head>\n<body><h1>Quarantine</h1><p>"
            + escaped(heading)
            + "</p>"
            + rest
            + "</body></html>\n",
        FIELDS);
  }

  private static String escaped(String text) {
    return Printable.text(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

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
      """
      :root { color-scheme: light dark }
      body {
        font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem;
        overflow-wrap: anywhere;
      }
      header { opacity: .75 }
      h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 }
      dl { margin: 1.5rem 0; padding-left: 1rem; border-left: .25rem solid #8888 }
      dt { font-size: .875rem; opacity: .75 }
      dd { margin: 0 0 .5rem }
      dd:last-child { margin: 0 }
      button {
        font: inherit; font-weight: bold; padding: .75rem 2rem; border: 0; border-radius: .5rem;
        background: #1d4ed8; color: #fff; cursor: pointer;
      }
      button.delete { background: #b91c1c }
      button:focus-visible { outline: .2rem solid; outline-offset: .2rem }
      @media (max-width: 30rem) { body { margin: 1rem auto } button { width: 100% } }
      """;

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
  private final LinksElsewhere elsewhere;
  private final InstantSource clock;

  LinkPages(LinkSigner signer, LinkDeeds deeds, LinksElsewhere elsewhere, InstantSource clock) {
    this.signer = signer;
    this.deeds = deeds;
    this.elsewhere = elsewhere;
    this.clock = clock;
  }

  @Override
  public WebPage at(WebRequest request) {
    try {
      // a proxy may pass on all of the path, or what follows its own
      String written = request.path().substring(request.path().lastIndexOf('/') + 1);
      Optional<DigestLink> link = signer.read(written);
      if (link.isEmpty()) {
        return said(404, "This link is not valid", "Perhaps a part of it was not copied.");
      }
      if (clock.instant().isAfter(link.get().expires())) {
        return said(410, "This link has expired", "It worked as long as the message was kept.");
      }
      return switch (request.method()) {
        case "GET" -> asked(link.get());
        case "POST" -> done(link.get(), written);
        default -> said(405, "Only GET and POST", "");
      };
    } catch (StateUnavailable e) {
      LOG.warn("a link of a digest cannot be followed now: {}", e.getMessage());
      return later();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return later();
    } catch (Exception e) {
      LOG.error("a link of a digest cannot be followed now", e);
      return later();
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
    return page(
        200,
        switch (link.deed()) {
          case RELEASE -> "Release this message?";
          case DELETE -> "Delete this message?";
          case BLOCK -> "Block this sender?";
        },
        switch (link.deed()) {
          case RELEASE -> "It is delivered then to " + whom(link) + ".";
          case DELETE -> "It is gone for good then; its sender is not told.";
          case BLOCK -> refused(link) + " is refused then.";
        },
        shown(link, entry, true)
            + "<form method=\"post\">"
            + switch (link.deed()) {
              case RELEASE -> "<button type=\"submit\">Release message</button>";
              case DELETE -> "<button type=\"submit\" class=\"delete\">Delete message</button>";
              case BLOCK -> "<button type=\"submit\">Block sender</button>";
            }
            + "</form>");
  }

  /// What the digest has said of the message.
  private static String shown(DigestLink link, Optional<Quarantined> entry, boolean why) {
    var shown = new LinkedHashMap<String, String>();
    String sender = entry.map(Quarantined::sender).orElse(link.sender());
    shown.put("From", sender.isEmpty() ? "<>" : sender);
    entry.ifPresent(
        it -> {
          shown.put("To", link.all() ? String.join(", ", it.recipients()) : link.recipient());
          shown.put("Subject", it.subject());
          if (why) {
            shown.put("Why it was set aside", it.why());
          }
        });
    var list = new StringBuilder("<dl>");
    shown.forEach(
        (name, value) ->
            list.append("<dt>")
                .append(name)
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd>"));
    return list.append("</dl>").toString();
  }

  private static String whom(DigestLink link) {
    return link.all() ? "all whom it is for" : link.recipient();
  }

  private static String refused(DigestLink link) {
    return "Mail from " + link.sender() + " to " + link.recipient();
  }

  private WebPage done(DigestLink link, String written) throws Exception {
    Optional<Quarantined> entry = deeds.entry(link);
    return switch (deeds.carryOut(link)) {
      case DONE ->
          page(
              200,
              switch (link.deed()) {
                case RELEASE -> "The message is released";
                case DELETE -> "The message is deleted";
                case BLOCK -> "The sender is blocked";
              },
              switch (link.deed()) {
                case RELEASE -> "It is on its way to " + whom(link) + ".";
                case DELETE -> "It is gone for good.";
                case BLOCK -> refused(link) + " is refused now. The postmaster can undo this.";
              },
              shown(link, entry, false));
      case ALREADY -> already(link);
      case LATER -> later();
      case ELSEWHERE -> {
        elsewhere.pass(link, written);
        yield page(
            200,
            link.deed() == DigestLink.Deed.RELEASE
                ? "The message will be released"
                : "The message will be deleted",
            "It lies on another of our servers, which does so within a minute.",
            shown(link, entry, false));
      }
    };
  }

  private static WebPage already(DigestLink link) {
    return switch (link.deed()) {
      // by whichever link, or by the operator
      case RELEASE, DELETE ->
          said(
              200,
              "The message is no longer in the quarantine",
              "It was released or deleted before, or its time was over.");
      case BLOCK -> said(200, "The sender is blocked already", refused(link) + " is refused.");
    };
  }

  private static WebPage later() {
    return said(503, "This is not possible now", "Please try again later.");
  }

  private static WebPage said(int status, String heading, String text) {
    return page(status, heading, text, "");
  }

  private static WebPage page(int status, String heading, String text, String rest) {
    return new WebPage(
        status,
        HTML,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + "<title>"
            + escaped(heading)
            + "</title><style>"
            + STYLE
            + "</style></head>\n<body><header>Quarantine</header><h1>"
            + escaped(heading)
            + "</h1><p>"
            + escaped(text)
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

package org.caravanmta.rehearsal;

import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.caravanmta.Assembly;
import org.caravanmta.Caravan;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.ReversePath;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.explain.ExplainedStep;
import org.caravanmta.explain.Explanation;
import org.caravanmta.filter.ContentFilter;
import org.caravanmta.message.Client;
import org.caravanmta.message.Content;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.routing.Routing;
import org.caravanmta.settings.Hostname;
import org.caravanmta.settings.OwnAddresses;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;
import org.caravanmta.state.BlockedSender;
import org.caravanmta.table.DomainPattern;

/// A message taken along the stages without a server, to see what would become of it: `caravan
/// explain`.
///
/// @param from its reverse path, `<>` or empty for none
/// @param to its recipients, as a client would give them
/// @param visit who brings it
/// @param blocked the senders that the running server blocks; none if none runs
public record DryRun(String from, List<String> to, Visit visit, List<BlockedSender> blocked) {
  private static final String ID = "explain";

  public DryRun {
    to = List.copyOf(to);
    blocked = List.copyOf(blocked);
  }

  /// Which recipients would be refused, in the dialogue that a client would have, and what becomes
  /// of the others.
  public List<String> addresses(Settings settings, Path routes) throws Problem {
    try (Assembly assembly = Caravan.assembly(settings, routes)) {
      assembly.stages.blocked().list().show(blocked);
      Mail mail = mail(settings, Headers.EMPTY, new Content.Inline(new byte[0]));
      var lines = new ArrayList<String>();
      var taken = new ArrayList<Recipient>();
      for (Recipient recipient : mail.recipients()) {
        var audition = new Audition(assembly, Hostname.of(settings), mail.envelope().client());
        Audition.Heard heard = audition.of(mail.reversePath(), recipient.address());
        if (visit.asked() || !heard.taken()) {
          lines.addAll(heard.lines());
        }
        if (heard.taken()) {
          taken.add(recipient);
        }
      }
      if (!taken.isEmpty()) {
        lines.addAll(explanation(settings, assembly).address(mail.with(taken)));
      }
      return lines;
    }
  }

  /// What becomes of a message.
  ///
  /// @param text header section and body; a line break may be LF
  public List<String> message(Settings settings, Path routes, byte[] text) throws Problem {
    byte[] message =
        new String(text, StandardCharsets.ISO_8859_1)
            .replaceAll("\r?\n", "\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    int end = Headers.end(message, 0, message.length).orElse(message.length);
    int body = end < message.length && message[end] == '\r' ? end + 2 : end;
    try (Assembly assembly = Caravan.assembly(settings, routes)) {
      return explanation(settings, assembly)
          .message(
              mail(
                  settings,
                  Headers.parse(Arrays.copyOf(message, end)),
                  new Content.Inline(Arrays.copyOfRange(message, body, message.length))));
    }
  }

  private static Explanation explanation(Settings settings, Assembly assembly) throws Problem {
    DomainList own = OwnAddresses.domains(settings, InstantSource.system());
    var relayed = new RelayDomains(OwnAddresses.relayed(settings, InstantSource.system()));
    if (!(assembly.stages.beans().get("routing") instanceof Routing routing)) {
      throw new IllegalStateException("the bean routing is not a routing");
    }
    var before = new ArrayList<ExplainedStep>();
    if (settings.routing().contentFilter().isPresent()
        && assembly.stages.beans().get("contentFilter") instanceof ContentFilter filter) {
      before.add(new ExplainedStep("contentFilter", filter::choose));
    }
    before.addAll(steps(assembly, "rewriting"));
    return new Explanation(
        before,
        steps(assembly, "checks"),
        new FilterWalk(assembly)::of,
        address -> kind(address, own, relayed),
        routing::route,
        assembly.stages::ceilings);
  }

  private static String kind(Address address, DomainList own, RelayDomains relayed) {
    Domain domain = address.domain();
    if (own.contains(domain)) {
      return "own (domains.own)";
    }
    return relayed.contains(domain) ? "relay (domains.relay)" : "elsewhere";
  }

  /// The beans that a route names, in their order.
  private static List<ExplainedStep> steps(Assembly assembly, String route) throws Problem {
    RouteDefinition definition = ((ModelCamelContext) assembly.context).getRouteDefinition(route);
    if (definition == null) {
      throw new Problem("there is no route " + route);
    }
    var steps = new ArrayList<ExplainedStep>();
    collect(definition, assembly, steps);
    return steps;
  }

  private static void collect(
      ProcessorDefinition<?> definition, Assembly assembly, List<ExplainedStep> steps) {
    for (ProcessorDefinition<?> step : definition.getOutputs()) {
      if (step instanceof BeanDefinition bean && bean.getRef() != null) {
        Object target = assembly.stages.beans().get(bean.getRef());
        if (target != null) {
          steps.add(new ExplainedStep(bean.getRef(), c -> call(target, bean.getMethod(), c)));
        }
      } else {
        collect(step, assembly, steps);
      }
    }
  }

  private static Case call(Object bean, String method, Case c) {
    try {
      return (Case) bean.getClass().getMethod(method, Case.class).invoke(bean, c);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(method + " failed: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(method + " cannot be called", e);
    }
  }

  private Mail mail(Settings settings, Headers headers, Content content) throws Problem {
    try {
      Client peer = visit.client(settings);
      Instant now = Instant.now();
      String path = from.equals("<>") ? "" : from;
      return new Mail(
          Envelope.of(
              ID,
              path.isEmpty() ? ReversePath.NULL : ReversePath.parse(path),
              to.stream().map(text -> Recipient.of(recipient(settings, text))).toList(),
              peer,
              MailOptions.NONE,
              now),
          headers,
          content);
    } catch (IllegalArgumentException e) {
      throw new Problem(String.valueOf(e.getMessage()));
    }
  }

  /// As the session completes it.
  private static Address recipient(Settings settings, String text) {
    Domain origin =
        settings
            .rewriting()
            .form()
            .origin()
            .or(() -> DomainPattern.first(settings.domains().own()))
            .orElse(new Domain("localhost"));
    return OwnAddresses.origin(settings, origin).complete(text);
  }
}

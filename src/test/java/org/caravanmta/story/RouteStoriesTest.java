package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each shipped route, and each example, has a story in which mail takes it: the table says which.
class RouteStoriesTest {
  private static final Path SHIPPED = Path.of("routes");
  private static final Pattern ID =
      Pattern.compile("^    id: (\\S+)$|<route id=\"([^\"]+)\"", Pattern.MULTILINE);

  /// File, route or route configuration in it, story.
  private static final String STORIES =
      """
      checks.camel.yaml                     checks             RulesTest.rulesChangeALargeBodyRefuseAnAttachmentAndHideAField
      delivery.camel.yaml                   delivery.smtp      FirstMinuteTest.mailForElsewhereIsRelayedByteForByte
      delivery.camel.yaml                   delivery.lmtp      EachTransportTest.aStoreTakesItByLmtp
      delivery.camel.yaml                   delivery.camel     CamelTransportTest.aFileHoldsItByteForByte
      delivery.camel.yaml                   delivery.filter    ContentFilterTest.everyMessageGoesThroughTheFilterOnce
      delivery.camel.yaml                   delivery.local     FirstMinuteTest.mailForAliceLiesInHerMaildir
      delivery.camel.yaml                   delivery.virtual   EachTransportTest.aVirtualMailboxHoldsIt
      delivery.camel.yaml                   delivery.pipe      EachTransportTest.aProgramReadsItFromItsInput
      delivery.camel.yaml                   delivery.error     EachTransportTest.whatTheTableFailsIsReported
      delivery.camel.yaml                   delivery.discard   EachTransportTest.whatTheTableDropsIsSaidToBeSent
      dnsbl.camel.yaml                      dnsbl              StrangersTest.whoIsOnADnsListIsRefusedAtTheRecipient
      failure.camel.yaml                    failure            EachTransportTest.whatBreaksAStageIsSetAside
      failure.camel.yaml                    transport          EndpointTransportsTest.whatTheProgramCannotTakeNowIsTriedAgain
      greylist.camel.yaml                   greylist           StrangersTest.anUnknownSenderComesBackAfterTheDelayAlsoAfterARestart
      maildrop.camel.yaml                   maildrop           SendmailTest.mailIsTakenWhileTheServerIsDownAndDeliveredWhenItIsBack
      operator.camel.yaml                   force-expired      OperatorVerbsTest.whatIsReturnedBeforeItsTimeComesBackWithItsReason
      operator.camel.yaml                   requeue            OperatorVerbsTest.whatIsQueuedAgainIsANewMessageAndRewrittenOnceMore
      quarantine.camel.yaml                 quarantine         QuarantineTest.whatIsReleasedGoesOnAfterTheFilterThatHasSetItAside
      reception.camel.yaml                  smtp               FirstMinuteTest.mailForAliceLiesInHerMaildir
      reception.camel.yaml                  submission         FirstMinuteTest.aSubmissionIsCompleted
      reception.camel.yaml                  submissions        ListenerCertificatesTest.aListenerHasItsOwnCertificate
      reception.camel.yaml                  reinjection        ContentFilterTest.everyMessageGoesThroughTheFilterOnce
      reception.camel.yaml                  reception          StrangersTest.relayingIsDeniedAndOwnUsersHaveMail
      report.camel.yaml                     report             FirstMinuteTest.aFailureComesBackAsAReportAndItsReportNever
      restrictions.camel.yaml               restrictions       RestrictionListsTest.eachListIsAskedInItsPlace
      retry.camel.yaml                      retry              FirstMinuteTest.aDeferredRecipientIsTriedAgain
      rewriting.camel.yaml                  rewriting          AddressesTest.eachTableHasItsSay
      routing.camel.yaml                    routing            EachTransportTest.whatTheTableDefersIsTriedAgain
      examples/checks.camel.xml             checks             EditedRoutesTest.checksWrittenInXmlCheck
      examples/archive.camel.yaml           delivery.archive   EndpointTransportsTest.aMessageBecomesAFileByteForByte
      examples/tickets.camel.yaml           tickets            EndpointTransportsTest.whatItWillNeverTakeIsReported
      examples/tickets.camel.yaml           delivery.tickets   EndpointTransportsTest.aMessageIsPostedWithItsEnvelope
      examples/added-stage/audit.camel.yaml audit              EditedRoutesTest.anAddedStageStandsBetweenChecksAndRouting
      examples/filters/before-queue.camel.yaml filters         FilterExamplesTest.threeBeforeTheQueue
      examples/filters/before-queue.camel.xml filters          FilterExamplesTest.threeBeforeTheQueue
      examples/filters/after-queue.camel.yaml filter.scan      FilterExamplesTest.twoAfterTheQueue
      examples/filters/after-queue.camel.xml filter.scan       FilterExamplesTest.twoAfterTheQueue
      examples/filters/conditions.camel.yaml filters           FilterConditionsTest.eachSeesItsMail
      examples/filters/conditions.camel.xml filters            FilterConditionsTest.eachSeesItsMail
      examples/filters/milter.camel.yaml    filters            FilterExamplesTest.milters
      examples/filters/clamd.camel.yaml     filters            FilterExamplesTest.clamd
      examples/filters/spamd.camel.yaml     filters            FilterExamplesTest.spamd
      examples/filters/rspamd.camel.yaml    filters            FilterExamplesTest.rspamd
      examples/filters/icap.camel.yaml      filters            FilterExamplesTest.icap
      examples/filters/http.camel.yaml      filters            FilterExamplesTest.http
      examples/filters/smtp.camel.yaml      filters            FilterExamplesTest.smtp
      examples/filters/queue.camel.yaml     filters            QueuedFilterTest.theExampleBeforeTheQueue
      examples/filters/pipe.camel.yaml      filters            FilterExamplesTest.pipe
      """;

  static List<String[]> stories() {
    return STORIES.lines().map(line -> line.split(" +")).toList();
  }

  @Test
  void everyRouteHasAStory() throws IOException {
    var routes = new ArrayList<String>();
    try (var files = Files.walk(SHIPPED)) {
      for (Path file : files.filter(each -> each.toString().contains(".camel.")).toList()) {
        var ids = ID.matcher(Files.readString(file)).results().toList();
        assertThat(ids).as(file.toString()).isNotEmpty();
        for (var id : ids) {
          String found = id.group(1) == null ? id.group(2) : id.group(1);
          routes.add(SHIPPED.relativize(file) + " " + found);
        }
      }
    }
    assertThat(stories().stream().map(story -> story[0] + " " + story[1]))
        .containsExactlyInAnyOrderElementsOf(routes);
  }

  @ParameterizedTest
  @MethodSource("stories")
  void theStoryIsATest(String file, String route, String story) throws ClassNotFoundException {
    String[] names = story.split("\\.");
    Class<?> told = Class.forName(getClass().getPackageName() + "." + names[0]);
    assertThat(
            Arrays.stream(told.getDeclaredMethods())
                .filter(method -> method.getName().equals(names[1])))
        .as("%s, route %s: %s", file, route, story)
        .anyMatch(
            method ->
                method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(ParameterizedTest.class));
  }
}

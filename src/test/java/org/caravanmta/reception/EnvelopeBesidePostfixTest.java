package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravanmta.peers.PrivatePostfix;
import org.caravanmta.policy.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// MAIL and RCPT to a running Postfix and to us: what each replies (RFC 5321 §4.1.1.2, §4.1.1.3).
class EnvelopeBesidePostfixTest {
  private static final List<String> OF_MAIL =
      List.of(
          "SIZE=0000000000000000000000000007",
          "SIZE=7 SIZE=8",
          "SIZE=7 SIZE=88888888",
          "SIZE=88888888 SIZE=7",
          "SIZE=000000000000000000000088888888",
          "SIZE",
          "SIZE=",
          "SIZE=-1",
          "SIZE=+1",
          "SIZE=0x10",
          "SIZE=1k",
          "SIZE=0",
          "BODY=7BIT BODY=8BITMIME",
          "BODY=8bitmime BODY=8bitmime",
          "BODY=BINARYMIME",
          "BODY",
          "BODY=",
          "AUTH=",
          "AUTH",
          "AUTH=<>",
          "AUTH=<> AUTH= AUTH=<>",
          "AUTH=ann AUTH=ann",
          "AUTH=<> AUTH=ann",
          "AUTH=ann AUTH=<>",
          "AUTH=<ann@client.example>",
          "AUTH=<ann@client.example> SIZE=84",
          "aUtH=<ann+tag@client.example>",
          "AUTH=<ann>",
          "AUTH=+ZZ",
          "AUTH=a=b",
          "AUTH=ann@[192.0.2.1]",
          "ENVID=",
          "ENVID",
          "ENVID=x1",
          "ENVID=x+2B1",
          "ENVID=x+2b1",
          "ENVID=+4",
          "ENVID=+",
          "ENVID=x=1",
          "ENVID==",
          "ENVID=x+0A1",
          "ENVID=x+7F1",
          "ENVID=x+201",
          "ENVID=+C3+A9",
          "ENVID=<20260101.7@client.example>",
          "ENVID=" + "x".repeat(101),
          "ENVID=a ENVID=a",
          "RET=full",
          "RET=HDRS RET=HDRS",
          "RET=",
          "RET",
          "RET=none",
          "SMTPUTF8 SMTPUTF8",
          "SMTPUTF8=",
          "SMTPUTF8=yes",
          "sMtPuTf8",
          "NOTIFY=NEVER",
          "X",
          "X=1",
          "=",
          "SIZE=1\tBODY=7BIT",
          "  SIZE=1   RET=FULL  ");

  private static final List<String> OF_RCPT =
      List.of(
          "NOTIFY=",
          "NOTIFY",
          "NOTIFY=,",
          "NOTIFY=never",
          "NOTIFY=NEVER,NEVER",
          "NOTIFY=NEVER,DELAY",
          "NOTIFY=DELAY,NEVER",
          "NOTIFY=SUCCESS,SUCCESS",
          "NOTIFY=SUCCESS,",
          "NOTIFY=,SUCCESS",
          "NOTIFY=SUCCESS,,DELAY,FAILURE",
          "NOTIFY=SUCCESS DELAY",
          "NOTIFY=SUCCESS;DELAY",
          "NOTIFY=SOON",
          "NOTIFY=SUCCESS NOTIFY=SUCCESS",
          "ORCPT=rfc822;ann@x.example",
          "ORCPT=rfc822;",
          "ORCPT=rfc822; ORCPT=rfc822;ann",
          "ORCPT=;ann",
          "ORCPT=ann@x.example",
          "ORCPT=",
          "ORCPT",
          "ORCPT=rfc822;a+2Bb",
          "ORCPT=rfc822;a+2",
          "ORCPT=rfc822;a=b",
          "ORCPT=rfc822;<ann@x.example>",
          "ORCPT=rfc822;\"a\"@x.example",
          "ORCPT=rfc822;a ORCPT=rfc822;a",
          "ORCPT=x.400;c=us",
          "ORCPT=unknown;a;b",
          "ORCPT=rfc822;" + "x".repeat(600),
          "ORCPT=utf-8;grüße@x.example",
          "ORCPT=utf-8;gr\\x{FC}\\x{DF}e@x.example",
          "ORCPT=UTF-8;\u4e16\u754c@x.example",
          "ORCPT=utf-8;a+2Bb@x.example",
          "ORCPT=utf-8;ü+b@x.example",
          "ORCPT=rfc822;grüße@x.example",
          "ORCPT=utf-8;\\x{zz}",
          "ORCPT=utf-8;\\x{110000}",
          "SIZE=1",
          "X");

  private static final List<String> PATHS =
      List.of(
          "<ann@x.example>",
          "ann@x.example",
          " <ann@x.example>",
          "\t<ann@x.example>",
          "Ann <ann@x.example>",
          "\"Ann B\" <ann@x.example>",
          "Ann B. <ann@x.example>",
          "bob@b.example <ann@x.example>",
          "Ann <>",
          "Ann(c) <ann@x.example>",
          "<Ann<ann@x.example>>",
          "<Ann <ann@x.example>>",
          "<<ann@x.example>>",
          "<ann@x.example> (c)",
          "<ann@x.example>(c)",
          "<ann@x.example (c)>",
          "ann@x.example (c)",
          "ann@x.example(c)",
          "ann(c)@x.example",
          "<ann@x.example>,<bob@b.example>",
          "<ann@x.example> <bob@b.example>",
          "<ann@x.example, bob@b.example>",
          "<ann@x.example bob@b.example>",
          "ann@x.example,bob@b.example",
          "all:ann@x.example;",
          "<ann@x.example>;",
          "<ann@x.example>x",
          "<ann@x.example>SIZE=1",
          "<ann@x.example",
          "ann@x.example>",
          "<>",
          "",
          "< >",
          "<\"\">",
          "\"\"",
          "\"\"@x.example",
          "<ann@x.example.>",
          "ann@x.example.",
          "<ann@x.example..>",
          "<ann@.x.example>",
          "<ann@x..example>",
          "<ann@host.>",
          "<ann@host>",
          "<ann@>",
          "<ann.>",
          "<ann>",
          "ann",
          "<@x.example>",
          "<\"ann\"@x.example>",
          "<\"ann b\"@x.example>",
          "\"ann b\"@x.example",
          "<\"a>b\"@x.example>",
          "<\"ann\".\"b\"@x.example>",
          "<ann b@x.example>",
          "<ann\\ b@x.example>",
          "<ann\"b\"@x.example>",
          "<\"ann@b\"@x.example>",
          "<\"ann@b.example\">",
          "<ann@b@x.example>",
          "<ann%b.example@x.example>",
          "<@r.example:ann@x.example>",
          "<@r.example,@s.example:ann@x.example>",
          "@r.example:ann@x.example",
          "<ann@192.0.2.7>",
          "<ann@[192.0.2.7]>",
          "<ann@[192.0.2.7].>",
          "<ann@[192.0.2]>",
          "<ann@[IPv6:2001:db8::7]>",
          "<ann@[ipv6:2001:db8::7]>",
          "<ann@[2001:db8::7]>",
          "<ann@[IPv6:192.0.2.7]>",
          "<ann@192.0.2>",
          "<ann@70000>",
          "<ann@7.example>",
          "<ann@x_y.example>",
          "<ann@-x.example>",
          "<ann@x-.example>",
          "<.ann@x.example>",
          "<ann.@x.example>",
          "<ann..b@x.example>",
          "<-ann@x.example>",
          "<ann'b@x.example>",
          "<ann;b@x.example>",
          "<ann:b@x.example>",
          "<ann[b@x.example>",
          "<ann]b@x.example>",
          "<ann @ x.example>",
          "<ann@ x.example>",
          "<ann@x. example>",
          "<ann@\"x\".example>",
          "<ann@@x.example>",
          "<(c) ann@x.example>",
          "<ann (c@x.example>",
          "<\"ann@x.example>",
          "<Ann <ann@x.example>",
          "<@>",
          "<@r.example:>",
          "<ann@[192.0.2.7>",
          "<ann@[192.0.2.7]x>",
          "<\"a\\\"b\"@x.example>",
          "<ann@x.example> ",
          "< ann@x.example >",
          "<POSTMASTER>",
          "<ann@" + "x".repeat(64) + ".example>",
          "<" + "a".repeat(70) + "@x.example>");

  /// What begins and does not end is not an address to us: Postfix leaves out all after the ( of a
  /// comment, and completes a literal.
  private static final Set<String> UNENDED = Set.of("<ann (c@x.example>", "<ann@[192.0.2.7>");

  @TempDir Path directory;

  private static boolean canRun() {
    return Files.exists(Path.of("/usr/sbin/postfix"))
        && "root".equals(System.getProperty("user.name"));
  }

  @Test
  void parametersAreTakenAndRefusedAlike() throws IOException {
    assumeTrue(canRun());
    try (var postfix = postfix("");
        var server = new Server(directory.resolve("ours"), Map.of("error-limit", "1000"))) {
      List<String> lines = new ArrayList<>();
      OF_MAIL.forEach(words -> lines.add("MAIL FROM:<ann@client.example> " + words));
      OF_RCPT.forEach(words -> lines.add("RCPT TO:<bob@example.org> " + words));
      alike(replies(server.port, lines), replies(postfix.port, lines));
    }
  }

  @Test
  void pathsAreReadAlike() throws IOException {
    assumeTrue(canRun());
    paths("", Map.of());
  }

  @Test
  void strictlyToo() throws IOException {
    assumeTrue(canRun());
    paths("strict_rfc821_envelopes = yes", Map.of("strict-envelopes", "yes"));
  }

  @Test
  void domainsThatAreNoneMayMeanSomething() throws IOException {
    assumeTrue(canRun());
    paths(
        "resolve_null_domain = yes\nresolve_numeric_domain = yes",
        Map.of("null-domain", "yes", "numeric-domain", "yes"));
  }

  private void paths(String settings, Map<String, String> changes) throws IOException {
    var ours = new HashMap<>(changes);
    ours.put("error-limit", "1000");
    List<String> lines = new ArrayList<>();
    PATHS.forEach(path -> lines.add("MAIL FROM:" + path));
    PATHS.forEach(path -> lines.add("RCPT TO:" + path));
    try (var postfix = postfix(settings);
        var server = new Server(directory.resolve("ours"), ours)) {
      // whose mail we take is not what this is about
      server.route =
          question ->
              question instanceof Case.Rcpt rcpt ? rcpt.vouchedFor() : server.usual(question);
      alike(replies(server.port, lines), replies(postfix.port, lines));
    }
  }

  private static void alike(List<String> ours, List<String> theirs) {
    var differences = new ArrayList<String>();
    for (int i = 0; i < theirs.size(); i++) {
      String line = ours.get(i);
      if (UNENDED.contains(line.substring(line.indexOf(':') + 1, line.indexOf(" -> ")))) {
        assertThat(line).contains("-> 501 5.1.");
      } else if (!line.equals(theirs.get(i))) {
        differences.add(ours.get(i) + ", Postfix: " + theirs.get(i));
      }
    }
    assertThat(differences).isEmpty();
  }

  private PrivatePostfix postfix(String settings) throws IOException {
    return PrivatePostfix.start(
        directory.resolve("postfix"),
        """
        meta_directory = /etc/postfix
        myhostname = mx.example.org
        myorigin = example.org
        mydestination = example.org
        local_recipient_maps =
        alias_maps =
        mynetworks = 127.0.0.0/8
        smtpd_peername_lookup = no
        smtpd_junk_command_limit = 1000
        smtpd_soft_error_limit = 1000
        smtpd_hard_error_limit = 1000
        %s
        """
            .formatted(settings));
  }

  private static List<String> replies(int port, List<String> lines) {
    var replies = new ArrayList<String>();
    try (var peer = new Peer(port)) {
      peer.reply();
      peer.ask("EHLO client.example");
      for (String line : lines) {
        peer.ask("RSET");
        if (line.startsWith("RCPT")) {
          peer.ask("MAIL FROM:<ann@client.example>");
        }
        replies.add(line + " -> " + peer.ask(line));
      }
    }
    return replies;
  }
}

package org.caravanmta.story;

import java.util.List;

/// Envelopes and header sections that Postfix and Caravan are to rewrite alike.
final class RewritingLetters {
  /// Sender and recipients.
  static final List<List<String>> ENVELOPES =
      List.of(
          List.of("ann@example.com", "bob@far.example"),
          List.of("ann@host1.example.com", "ann@far.example"),
          List.of("x@host2.example.com", "x@sub.elsewhere.example"),
          List.of("bob@example.com", "x@elsewhere.example"),
          List.of("special@example.com", "x@elsewhere.example", "ann@example.com"),
          List.of("x@dunno.example", "x@elsewhere.example"),
          List.of("robot@example.com", "x@elsewhere.example"),
          List.of("bot", "bot", "ann"),
          List.of("carl", "carl+x"),
          List.of("x@int.example", "ceo@example.com"),
          List.of("x@a.dept.example.com", "bob"),
          List.of("x@dept.example.com", "bob"),
          List.of("x@a.keep.example.com", "bob"),
          List.of("admin@a.example.com", "bob"),
          List.of("jd@example.com", "old+ext@example.com", "joe+ext@example.com"),
          List.of("one@example.com", "one+x@example.com"),
          List.of("self@example.com", "ann+a+b@example.com"),
          List.of("\"odd one\"@example.com", "\"a b\"@va.example"),
          List.of("mailer-daemon@example.com", "ann"),
          List.of("x@old.example.com", "ann+x@old.example.com"),
          List.of("x@far.example", "info@va.example"),
          List.of("x@far.example", "sales@va.example", "info@va.example"),
          List.of("x@far.example", "all@va.example", "ann", "ann", "ANN@example.com"),
          List.of("x@far.example", "plus+x@va.example", "plus+y@va.example"),
          List.of("x@far.example", "loop@va.example"),
          List.of("x@far.example", "any+x@catch.example"),
          List.of("x@far.example", "any+x@moved.example"),
          List.of("x@far.example", "new+x", "keep"),
          List.of("x@far.example", "first.last@people.example.com", "list-n@Example.com"),
          List.of("x@far.example", "team", "ann"),
          List.of("x@far.example", "list"),
          List.of("x@far.example", "nested"),
          List.of("x@far.example", "dora", "Dora+x"),
          List.of("x@far.example", "selfish"),
          List.of("x@far.example", "a1"),
          List.of("x@far.example", "command"),
          List.of("x@far.example", "postmaster", "mailer-daemon"),
          List.of("x@far.example", "ann@vm.example", "ann+x@vm.example", "x@all.vm.example"),
          List.of("x@far.example", "ann@relay.example", "ann+x@open.relay.example"),
          List.of("his@local.internal", "her@local.internal", "x+y@local.internal"),
          List.of(
              "x@far.example", "spam@spamtrap.example", "x@next.example", "x@usual.far.example"),
          // tables are asked for the bare name at an address of ours
          List.of("joe@[127.0.0.1]", "joe@[127.0.0.1]"),
          List.of("x@far.example", "new@[127.0.0.1]", "keep+x@[127.0.0.1]"),
          List.of("x@far.example", "old@[127.0.0.1]", "ann+x@[127.0.0.1]"),
          List.of("bot@[127.0.0.1]", "first.last@[127.0.0.1]"),
          // turned before the origin is added
          List.of("far.example!x", "va.example!info", "far.example!a.example!y"),
          List.of("x%far.example", "info%va.example", "y%a.example%far.example"),
          List.of("\"far.example!x\"", "\"va.example!info\"", "\"carl%example.com\""),
          List.of("x@far.example", "\"a b%va.example\"", "\"\"@example.com"),
          List.of("Joe<joe>", "Ann<ann>", "Info <info%va.example>"));

  static final List<String> SECTIONS =
      List.of(
          "From: joe (Joe)\nTo: ann, bob@host\n",
          "From: Joe <joe>\nTo: \"Ann, S.\" <ann>, bob\n",
          "From:joe\nTo:   ann\n",
          "From: joe+x@example.com\nTo: joe@example.com, JOE@EXAMPLE.COM\n",
          "From: one@example.com\nCc: ann@host1.example.com,ann@old.example.com\n",
          "From: x@a.example.com\n"
              + "To: y@a.dept.example.com, z@keep.example.com, u@b.keep.example.com,"
              + " admin@c.example.com\n",
          "Sender: bot\nFrom: bot@example.com\nReply-To: bot\nTo: bot, old\n",
          "From: x@int.example\n"
              + "To: x@int.example\n"
              + "Errors-To: x@int.example\n"
              + "Return-Receipt-To: joe\n",
          "From: ann\nTo: friends: ann, bob@far.example; , carl\n",
          "From: ann\nTo: undisclosed-recipients:;\n",
          "From: ann\nTo: Undisclosed recipients: ;\n",
          "From: ann\n"
              + "To: <@a.example,@b.example:joe@example.com>, site!user, user%site, user@host.\n",
          "From: ann\nTo: \"joe\"@example.com, \"a b\"@example.com, \"odd one\"@example.com\n",
          "From: ann\nTo: joe (a (nested) comment), (before) joe, joe@example.com (after)\n",
          "From: ann\nTo: joe,\n bob@far.example,\n\tcarl\n",
          "From: ann\nTo: joe,,bob@far.example, ,carl,\n",
          "From: ann\n"
              + "To: a.very.long.address@some.very.long.domain.far.example,"
              + " another.very.long.address@some.very.long.domain.far.example, joe\n",
          "From: ann\n"
              + "To: =?utf-8?q?J=C3=B6?= <joe>, \"J\u00f6e\" <joe>, J\u00f6e <joe@example.com>\n",
          "From: ann\nTo: Joe Doe joe@example.com\n",
          "From: ann\nTo: joe @ example.com, joe@ example.com, joe . doe@example.com\n",
          "From: ann\nTo: <joe@example.com, joe@example.com>, <>\n",
          "From: ann\nTo: @, <@>, \"\", joe@\n",
          "From: ann\nTo: joe@example.com.\n",
          "From: ann\nTo: joe@[192.0.2.1], ann@[IPv6:2001:db8::1]\n",
          "From: ann\nTo: \"unclosed, joe\n",
          "From: ann\nTo: (unclosed, joe\n",
          "From: ann\nTo: joe; bob@far.example\n",
          "From: ann\nTo:\nCc: \nBcc: joe\nSubject: s\n",
          "From: ann\nTo:\n joe\n",
          "From: ann\nTo : joe\nto: joe\nTO: joe\n",
          "From: ann\n"
              + "Resent-From: joe\n"
              + "Resent-To: joe\n"
              + "Resent-Cc: joe\n"
              + "Resent-Bcc: joe\n"
              + "Resent-Reply-To: joe\n",
          "Return-Path: <joe>\n"
              + "From: ann\n"
              + "Content-Length: 7\n"
              + "Apparently-To: joe\n"
              + "Mail-Followup-To: joe\n"
              + "Disposition-Notification-To: joe\n",
          "Subject: nothing else\n",
          "Subject: Make Money fast\nFrom: joe\n",
          "X-Secret: 1\nX-Old-Name: 2\nX-Mark: 3\nFrom: joe\nTo: ann\n",
          "From: ann\nX-Other: joe\nDelivered-To: joe@far.example\nTo: carl\n",
          "From: his@local.internal\n"
              + "To: Him <his@local.internal>, her@local.internal, x+y@local.internal\n"
              + "Reply-To: his@local.internal\n",
          "From: ann\nTo: joe\\@x, \"joe\\\"q\"@example.com, joe\\ x@example.com\n",
          "From: ann\nTo: many, many+x, bot+x, jd\n",
          "From: ann\n"
              + "Date: Tue, 25 Aug 2026 10:00:00 +0000\n"
              + "Message-ID: <x@y>\n"
              + "To: \tjoe\t,\tcarl\t\n",
          "From: ann, joe\nSender: joe\nTo: <joe> (Joe), Joe(Joe)<joe>, <joe>Joe\n",
          "From: ann\nTo: <joe> <bot@example.com> Carl <carl> ann@host1.example.com\n",
          "From: ann\nTo: joe bot@example.com\n ann@host1.example.com (Ann)\tcarl\n",
          "From: ann\nTo: joe;bob@far.example; ;carl;\nCc: ;joe\n",
          "From: ann\nTo: team: joe bot; , others: <carl> <joe>;; Ann Lee <ann>\n",
          "From: ann\nTo: a: b: joe; c: carl\nCc: joe:carl, x:joe;\n",
          "From: ann\nTo: \"Doe, J.\" <joe> \"Carl\" (C.) <carl>; \"odd one\"@example.com joe\n",
          "From: ann\nTo: Joe B. Doe <joe>, Dr. Who carl, [x] joe\n",
          "From: ann\nTo: <joe (Joe)@example.com>, < (c) joe >, joe(Joe)carl\n",
          "From: ann\nTo: Joe <joe\nCc: joe>, <<joe>>, <joe\n",
          "From: ann\nTo: joe@example.com@far.example, joe%example.com bot!carl, a..b, .c\n",
          "From: ann\n"
              + "To: (Joe) (D\u00f6) joe (x \\) y), \u00c3\u00a9 joe, <\u00c3\u009f@far.example>\n",
          "From: Joe joe\nReply-To: Carl <carl>; joe\nSender: <joe> bot\n",
          "From: ann\nTo: [joe], joe@[192.0.2.1] carl\n",
          "From: ann\nTo: |cat joe, /x/y joe, :include:/x joe, \\joe carl\n",
          "From: ann\nX-To: joe, \"Bot\" <bot> ann@host1.example.com; jd\nX-Mark: 1\nX-Mark: 2\n",
          "X-From: Joe <joe>\nTo: carl\nX-Aside: joe\nX-Aside: old, ann\n",
          "From: joe (gone)\nMessage-Id: <1@gone>\nDate: gone\nTo: ann\n",
          "From: ann\nX-Copy: old@example.com\nX-Copy: info@va.example\n",
          "From: ann\n"
              + "X-Copy: jd@example.com\n"
              + "X-Copy: x@b.dept.example.com\n"
              + "X-To: team: old joe;\n");

  private RewritingLetters() {}
}

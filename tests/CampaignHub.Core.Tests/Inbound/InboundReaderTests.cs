using System.Text;
using CampaignHub.Core.Inbound;
using CampaignHub.Core.Sending;
using CsCheck;

namespace CampaignHub.Core.Tests.Inbound;

public sealed class InboundReaderTests
{
    private static readonly byte[] s_key = Enumerable.Range(1, ReturnPath.KeyBytes).Select(i => (byte)i).ToArray();

    [Theory]
    [InlineData("failed", "5.1.1", "smtp; 550 5.1.1 <ann@shop.example>: Recipient address rejected: User unknown", InboundClass.Hard)]
    [InlineData("failed", "5.1.1", "smtp; 550 5.7.1 blocked using a list", InboundClass.Policy)]
    [InlineData("failed", "5.0.0", "smtp; 550 No such user here", InboundClass.Hard)]
    [InlineData("failed", "5.0.0", "smtp; 554 Service unavailable", InboundClass.Soft)]
    [InlineData("failed", "5.2.2", "smtp; 552 5.2.2 mailbox full", InboundClass.Full)]
    [InlineData("failed", "4.4.7", "smtp; 450 4.2.0 greylisted", InboundClass.Soft)]
    [InlineData("failed", "5.1.8", "smtp; 553 5.1.8 Domain of sender address x@y.example does not exist", InboundClass.Policy)]
    [InlineData("delayed", "5.1.1", "smtp; 550 5.1.1 User unknown", InboundClass.Soft)]
    [InlineData("delivered", "2.0.0", "smtp; 250 ok", InboundClass.Other)]
    [InlineData("relayed", "5.1.1", "smtp; 550 5.1.1 User unknown", InboundClass.Other)]
    public void A_report_by_fields_means_what_its_code_and_text_say(string action, string status, string diagnostic, InboundClass expected)
    {
        var finding = Read(Report(action, status, diagnostic)).Findings.ShouldHaveSingleItem();
        finding.Class.ShouldBe(expected, finding.Rule);
        finding.Recipient.ShouldBe("ann@shop.example");
        finding.IsFinal.ShouldBe(action != "delayed");
        finding.Diagnostic!.ShouldNotContain("ann@");
    }

    [Fact]
    public void A_report_says_of_which_delivery_it_is()
    {
        var delivery = Guid.CreateVersion7();
        var path = ReturnPath.Make(s_key, delivery, "bounces.shop.example");
        var mail = Read($"Delivered-To: {path.ToUpperInvariant()}\n" + Report("failed", "5.1.1", "smtp; 550 5.1.1 User unknown"));
        mail.ReturnPaths.ShouldHaveSingleItem();
        ReturnPath.TryRead(s_key, mail.ReturnPaths[0], out var read).ShouldBeTrue();
        read.ShouldBe(delivery);
        mail.About.ShouldBe(["original@shop.example"]);
        mail.MessageId.ShouldBe("report@mx.example");
        mail.Findings[0].Code.ShouldBe(new EnhancedCode(5, 1, 1));
        mail.Findings[0].Diagnostic.ShouldBe("550 5.1.1 User unknown");
    }

    [Fact]
    public void A_report_on_several_people_says_something_of_each()
    {
        var mail = Read("""
            From: MAILER-DAEMON@mx.example
            Subject: Mail delivery failed: returning message to sender

            The following addresses failed:

            "ann@shop.example":
            SMTP error from remote server after RCPT command:
            550 no such user here

            "bob@shop.example":
            SMTP error from remote server after RCPT command:
            552 5.2.2 over quota
            """);
        mail.Findings.Select(f => (f.Recipient, f.Class)).ShouldBe([("ann@shop.example", InboundClass.Hard), ("bob@shop.example", InboundClass.Full)]);
        mail.Class.ShouldBe(InboundClass.Hard);
        mail.Of("ANN@shop.example").Class.ShouldBe(InboundClass.Hard);
        mail.Of("everybody@shop.example").Class.ShouldBe(InboundClass.Full); // a list of which one member is gone
    }

    [Theory]
    [InlineData("Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<ann@shop.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 no such user\nGiving up on 192.0.2.1.", InboundClass.Hard)]
    [InlineData("Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<ann@shop.example>:\n192.0.2.1 failed after I sent the message.\nRemote host said: 554 user unknown", InboundClass.Soft)]
    [InlineData("A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@shop.example\n    host mx.shop.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<ann@shop.example>:\n    550 5.1.1 Unknown recipient", InboundClass.Hard)]
    [InlineData("A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@shop.example\n    retry timeout exceeded", InboundClass.Soft)]
    [InlineData("I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<ann@shop.example>: host mx.shop.example[192.0.2.1] said: 550 5.1.1\n    <ann@shop.example>: User unknown (in reply to RCPT TO command)", InboundClass.Hard)]
    [InlineData("I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<ann@shop.example>: Host or domain name not found. Name service error for\n    name=shop.example type=MX: Host not found", InboundClass.Hard)]
    [InlineData("I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<ann@shop.example>: delivery failed for reasons of its own\n\nReceived: from x.example\nSubject: Why is the user unknown, and the mailbox full?", InboundClass.Soft)]
    public void A_report_without_fields_means_what_its_text_says(string text, InboundClass expected)
    {
        var finding = Read($"From: MAILER-DAEMON@mx.example\nSubject: Undelivered mail\n\n{text}\n").Findings.ShouldHaveSingleItem();
        finding.Class.ShouldBe(expected, finding.Rule);
        finding.Recipient.ShouldBe("ann@shop.example");
    }

    [Fact]
    public void Whatever_speaks_against_it_keeps_a_bounce_from_being_hard()
    {
        string[] statuses = ["5.1.1", "5.1.2", "5.0.0", "5.4.4", "5.2.1"];
        string[] hard = ["User unknown", "no such user", "mailbox does not exist", "host not found"];
        string[] against = ["blocked using a list", "listed as spam", "DMARC policy", "mailbox full", "over quota", "Sender address rejected", "try again later", "too many recipients"];
        Gen.Select(Gen.OneOf(Array.ConvertAll(hard, Gen.Const)), Gen.OneOf(Array.ConvertAll(against, Gen.Const)), Gen.Int[500, 559], Gen.OneOf(Array.ConvertAll(statuses, Gen.Const)), Gen.Bool, Gen.Bool).Sample((yes, no, code, status, before, hasCode) =>
        {
            var words = before ? $"{no}, {yes}" : $"{yes}, {no}";
            Read(Report("failed", status, $"smtp; {code} {(hasCode ? status + " " : "")}<ann@shop.example>: {words}")).Class.ShouldNotBe(InboundClass.Hard);
        }, iter: 300);
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied\nSubject: Re: Offer", InboundClass.AutoReply)]
    [InlineData("Precedence: auto_reply\nSubject: Re: Offer", InboundClass.AutoReply)]
    [InlineData("Subject: Abwesenheitsnotiz: Offer", InboundClass.AutoReply)]
    [InlineData("Subject: Out of Office: Offer", InboundClass.AutoReply)]
    [InlineData("Return-Path: <>\nSubject: Re: Offer", InboundClass.AutoReply)]
    [InlineData("Subject: Please confirm your message", InboundClass.AutoReply)]
    [InlineData("Auto-Submitted: no\nSubject: Re: Offer", InboundClass.Reply)]
    [InlineData("Subject: Re: Delivery failed", InboundClass.Reply)]
    [InlineData("Subject: Thanks\nIn-Reply-To: <original@shop.example>", InboundClass.Reply)]
    [InlineData("Subject: Hello", InboundClass.Other)]
    public void A_person_is_told_from_a_machine(string headers, InboundClass expected)
    {
        var mail = Read($"From: Ann <ann@shop.example>\n{headers}\n\nMy mailbox is full of user unknown reports.\n");
        mail.Class.ShouldBe(expected, mail.Findings[0].Rule);
    }

    [Theory]
    [InlineData("abuse", InboundClass.Complaint)]
    [InlineData("fraud", InboundClass.Complaint)]
    [InlineData("not-spam", InboundClass.Other)]
    [InlineData("auth-failure", InboundClass.Other)]
    public void A_feedback_report_is_a_complaint_if_it_accuses(string type, InboundClass expected) => Read($"""
        From: fbl@provider.example
        Subject: FW: Offer
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary=x

        --x
        Content-Type: text/plain

        This is a report.
        --x
        Content-Type: message/feedback-report

        Feedback-Type: {type}
        Original-Rcpt-To: ann@shop.example
        --x
        Content-Type: message/rfc822

        Message-ID: <original@shop.example>
        Subject: Offer

        --x--
        """).Class.ShouldBe(expected);

    [Fact]
    public void Whatever_comes_is_read_without_an_exception()
    {
        var seeds = Seeds();
        Gen.Select(Gen.Int[0, seeds.Count - 1], Gen.Int[0, 4_000], Gen.Byte.Array[0, 40], Gen.Int[0, 4_000], Gen.Int[0, 2]).Sample(
            (seed, at, bytes, cut, how) => Check(Mutated(seeds[seed], at, bytes, cut, how)), iter: 1_000);
    }

    [Fact]
    public void Hostile_mail_costs_no_more_than_its_bound()
    {
        foreach (var (name, mail) in Hostile())
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Check(mail);
            // A machine that is busy may be slow; what is allocated tells whether work grows with more than the bound.
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200L * InboundReader.MaxBytes, name);
        }
    }

    private static IEnumerable<(string Name, byte[] Mail)> Hostile()
    {
        var report = Report("failed", "5.1.1", "smtp; 550 5.1.1 User unknown");
        yield return ("nothing", []);
        yield return ("a line of 10 MB", Encoding.ASCII.GetBytes("Subject: " + new string('a', 10_000_000) + "\n\nx"));
        yield return ("a body line of 10 MB", Encoding.ASCII.GetBytes("From: MAILER-DAEMON@mx.example\nSubject: Undelivered\n\n" + new string('<', 10_000_000)));
        yield return ("addresses without an end", Encoding.ASCII.GetBytes("From: MAILER-DAEMON@mx.example\nSubject: Undelivered\n\n" + Repeat("a@b.", 300_000)));
        yield return ("ten thousand recipients", Encoding.ASCII.GetBytes("From: MAILER-DAEMON@mx.example\nSubject: Undelivered\n\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"<a{i}@shop.example>: 550 no such user\n"))));
        yield return ("NUL bytes", Encoding.ASCII.GetBytes(report.Replace('u', '\0')));
        yield return ("a charset of nobody", Encoding.ASCII.GetBytes("From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nContent-Type: text/plain; charset=\"x-\u00ff-none; utf-7\"\n\n<a@shop.example>: no such user"));
        yield return ("UTF-7", Encoding.ASCII.GetBytes("From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nContent-Type: text/plain; charset=utf-7\n\n+AAA-+2AA-"));
        yield return ("parts in parts", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n"))));
        yield return ("messages in messages", Encoding.ASCII.GetBytes(Repeat("Content-Type: message/rfc822\n\n", 30_000)));
        yield return ("groups in groups", Encoding.ASCII.GetBytes("To: " + Repeat("a:", 200_000) + "\n\nx"));
        yield return ("comments in comments", Encoding.ASCII.GetBytes("From: " + Repeat("(", 200_000) + "\nContent-Type: " + Repeat("(", 200_000) + "\n\nx"));
        yield return ("tags in tags", Encoding.ASCII.GetBytes("From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nContent-Type: text/html\n\n" + Repeat("<div><b a=\"", 80_000)));
        yield return ("JSON in JSON", Encoding.ASCII.GetBytes("Subject: x\n\n{\"notificationType\":" + Repeat("[", 60_000)));
        yield return ("keys twice", Encoding.ASCII.GetBytes("Subject: x\n\n{\"notificationType\":\"Bounce\",\"notificationType\":\"Bounce\",\"bounce\":{\"bounce\":1,\"bounce\":2,\"bouncedRecipients\":[1,{},{\"status\":7}]}}"));
        yield return ("fields folded for ever", Encoding.ASCII.GetBytes(report + "\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1" + Repeat("\n x", 200_000)));
        yield return ("an id with a NUL", Encoding.ASCII.GetBytes("Subject: Re: x\nIn-Reply-To: <01936c5a-7d20-7c11-9c5e-0d8f3b6f1a22@shop\0.example>\n\nMessage-ID: <01936c5a-7d20-7c11-9c5e-0d8f3b6f1a22@a\0b>\n"));
        yield return ("JSON with half a name", Encoding.ASCII.GetBytes("Subject: x\n\n{\"notificationType\":\"Bounce\",\"bounc\\ud800\":1}"));
        yield return ("half surrogates", Encoding.UTF8.GetBytes(report.Replace("User", new string('x', 505) + "\U0001F600\U0001F600", StringComparison.Ordinal)));
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static void Check(byte[] bytes)
    {
        var mail = InboundReader.Read(bytes);
        mail.Findings.Count.ShouldBeInRange(1, 200);
        mail.ReturnPaths.Count.ShouldBeLessThanOrEqualTo(10);
        mail.About.Count.ShouldBeLessThanOrEqualTo(10);
        mail.About.Append(mail.MessageId ?? "").ShouldAllBe(id => !id.Any(char.IsControl));
        foreach (var finding in mail.Findings)
        {
            (finding.Diagnostic?.Length ?? 0).ShouldBeLessThanOrEqualTo(InboundFinding.MaxDiagnostic);
            finding.Diagnostic?.Any(c => char.IsControl(c) || char.IsSurrogate(c) && !IsPaired(finding.Diagnostic, c)).ShouldBeFalse();
            (finding.Recipient?.Length ?? 0).ShouldBeLessThanOrEqualTo(320);
        }
    }

    private static bool IsPaired(string text, char c) => char.IsLowSurrogate(c) || text.IndexOf(c) + 1 < text.Length;

    private static byte[] Mutated(byte[] seed, int at, byte[] bytes, int cut, int how)
    {
        at = Math.Min(at, seed.Length);
        var end = Math.Min(at + cut, seed.Length);
        return how switch
        {
            0 => seed[..at],
            1 => [.. seed[..at], .. bytes, .. seed[at..]],
            _ => [.. seed[..at], .. bytes, .. seed[end..]],
        };
    }

    private static List<byte[]> Seeds()
    {
        var seeds = new List<byte[]> { Encoding.ASCII.GetBytes(Report("failed", "5.1.1", "smtp; 550 5.1.1 User unknown")) };
        if (Corpora.Find("01-bounce/sisimai") is { } folder)
            seeds.AddRange(Directory.GetFiles(folder).Select(File.ReadAllBytes));
        return seeds;
    }

    private static InboundMail Read(string mail) => InboundReader.Read(Encoding.UTF8.GetBytes(mail));

    private static string Report(string action, string status, string diagnostic) => $"""
        From: Mail Delivery System <MAILER-DAEMON@mx.example>
        Subject: Undelivered Mail Returned to Sender
        Message-ID: <report@mx.example>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=x

        --x
        Content-Type: text/plain

        This is the mail system at host mx.example.
        --x
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; ann@shop.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: {diagnostic}

        --x
        Content-Type: message/rfc822

        Message-ID: <original@shop.example>
        To: ann@shop.example
        Subject: Offer

        Body
        --x--
        """;
}

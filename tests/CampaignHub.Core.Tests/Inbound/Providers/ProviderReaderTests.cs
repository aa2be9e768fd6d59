using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Core.Inbound;
using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Core.Sending;
using CampaignHub.Tests;
using CsCheck;

namespace CampaignHub.Core.Tests.Inbound.Providers;

public sealed class ProviderReaderTests
{
    private static readonly Guid s_delivery = Guid.CreateVersion7();
    private static readonly string s_token = ReturnPath.LocalPart(new byte[ReturnPath.KeyBytes], s_delivery);

    /// <summary>A post of each provider about a message with our token, and another about one whose Message-ID is ours.</summary>
    private static readonly Dictionary<ProviderKind, string> s_posts = new()
    {
        [ProviderKind.Ses] = $$"""
            {"eventType":"Bounce","bounce":{"feedbackId":"0100","bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[
              {"emailAddress":"ann@shop.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},
             "mail":{"messageId":"0107018f2c3d-aaaa-000000","source":"{{s_token}}@bounces.example","headers":[{"name":"x-campaignhub-delivery","value":"{{s_token}}"},
              {"name":"Message-ID","value":"<{{s_delivery}}@shop.example>"}] } }
            """,
        [ProviderKind.Mailgun] = $$"""
            {"event-data":{"id":"G9Bn5sl1TC6nu79C8C0bwg","event":"failed","severity":"permanent","reason":"bounce","recipient":"ann@shop.example",
             "delivery-status":{"code":550,"enhanced-code":"5.1.1","message":"5.1.1 user unknown"},"envelope":{"sender":"{{s_token}}@bounces.example"},
             "message":{"headers":{"message-id":"{{s_delivery}}@shop.example"} },"user-variables":{"campaignhub":"{{s_token}}"} } }
            """,
        [ProviderKind.Postmark] = $$"""
            {"RecordType":"Bounce","Type":"HardBounce","ID":692560173,"MessageID":"2c1b63fe-43f2-4db5-91b0-8bdfa44a9316","Email":"ann@shop.example",
             "Details":"smtp;550 5.1.1 user unknown","Metadata":{"campaignhub":"{{s_token}}"} }
            """,
        [ProviderKind.Sendgrid] = $$"""
            [{"event":"bounce","type":"bounce","email":"ann@shop.example","status":"5.1.1","reason":"550 5.1.1 user unknown","sg_event_id":"Ym91bmNl",
              "sg_message_id":"qNwBLgPQQjW6DJvKQwSAbw.filterdrecv-1.0","smtp-id":"<{{s_delivery}}@shop.example>","campaignhub":"{{s_token}}"}]
            """,
        [ProviderKind.Brevo] = $$"""
            {"event":"hard_bounce","email":"ann@shop.example","id":7,"ts_event":1604933654,"message-id":"<{{s_delivery}}@shop.example>",
             "reason":"550 5.1.1 user unknown","X-Mailin-custom":"campaignhub:{{s_token}}"}
            """,
    };

    public static TheoryData<ProviderKind> Kinds => [.. Enum.GetValues<ProviderKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_post_says_what_happened_and_to_which_message(ProviderKind kind)
    {
        var happened = Read(kind, s_posts[kind]).Events.ShouldHaveSingleItem();
        happened.Finding.Class.ShouldBe(InboundClass.Hard);
        happened.Finding.Rule.ShouldBe("unknown_user");
        happened.Finding.Recipient.ShouldBe("ann@shop.example");
        happened.Token.ShouldBe(s_token);
        happened.ProviderMessageId.ShouldNotBeNull();
        happened.Id.ShouldNotBeEmpty();
        if (kind is ProviderKind.Ses or ProviderKind.Mailgun)
            happened.ReturnPath.ShouldBe(s_token);
        if (kind is not ProviderKind.Postmark)
            happened.MessageId.ShouldBe($"{s_delivery}@shop.example");
    }

    [Theory]
    [InlineData("mailgun/accepted")]
    [InlineData("mailgun/delivered_messages")]
    [InlineData("mailgun/opens")]
    [InlineData("mailgun/clicks")]
    [InlineData("mailgun/permanent_failure", "hard unknown_user_by_text final")]
    [InlineData("mailgun/permanent_failure_no_description", "hard unknown_user_by_text final")]
    [InlineData("mailgun/suppression_failure", "hard provider_suppressed final")]
    [InlineData("mailgun/temporary_failure", "full delayed_full")]
    [InlineData("mailgun/spam_complaints", "complaint provider_complaint final")]
    [InlineData("mailgun/unsubscribes", "unsubscribe provider_unsubscribed final")]
    [InlineData("postmark/bounce", "hard provider_gone final")]
    [InlineData("postmark/delivery")]
    [InlineData("postmark/link_click")]
    [InlineData("postmark/open")]
    [InlineData("postmark/spam_complaint", "complaint provider_complaint final")]
    [InlineData("postmark/subscription_change", "hard provider_suppressed final")]
    public void Payloads_of_the_corpus_mean_what_they_are(string file, string? expected = null)
    {
        if (Corpora.Find($"04-webhooks/esp/{file}.json") is not { } path)
            return;
        var post = Read(file.StartsWith("mailgun", StringComparison.Ordinal) ? ProviderKind.Mailgun : ProviderKind.Postmark, File.ReadAllText(path));
        (post.Events.Count, post.Passed).ShouldBe(expected is null ? (0, 1) : (1, 0));
        if (expected is null)
            return;
        var finding = post.Events[0].Finding;
        $"{finding.Class.Word()} {finding.Rule}{(finding.IsFinal ? " final" : "")}".ShouldBe(expected);
        var truth = JsonNode.Parse(File.ReadAllText(Corpora.Find("04-webhooks/esp/truth.json")!))![$"{file}.json"]!;
        finding.Recipient.ShouldBe(truth["recipients"]![0]!.GetValue<string>());
        string?[] ids = [post.Events[0].Id, post.Events[0].ProviderMessageId];
        ids.ShouldContain(truth["events"]![0]!["id"]!.GetValue<string>());
    }

    [CorpusFact("04-webhooks/signature-vectors.json")]
    public void SendGrids_own_posts_are_read()
    {
        var vectors = JsonNode.Parse(File.ReadAllText(Corpora.Find("04-webhooks/signature-vectors.json")!))!["sendgrid"]!.AsArray();
        Read(ProviderKind.Sendgrid, vectors[0]!["payload"]!.GetValue<string>()).Events.Single().Finding.Rule.ShouldBe("provider_suppressed");
        var post = Read(ProviderKind.Sendgrid, vectors[1]!["payload"]!.GetValue<string>());
        post.Passed.ShouldBe(1);
        post.Events.Single().Finding.Class.ShouldBe(InboundClass.Full);
        post.Events.Single().ProviderMessageId.ShouldBe("qNwBLgPQQjW6DJvKQwSAbw");
    }

    [Theory]
    [InlineData("""{"eventType":"Bounce","bounce":{"bounceType":"Transient","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"a@b.example","status":"5.1.1","diagnosticCode":"550 5.1.1 user unknown"}]},"mail":{}}""", "soft provider_failed final")]
    [InlineData("""{"notificationType":"Bounce","bounce":{"bounceType":"Transient","bounceSubType":"MailboxFull","bouncedRecipients":[{"emailAddress":"a@b.example"}]},"mail":{}}""", "full mailbox_full final")]
    [InlineData("""{"eventType":"Bounce","bounce":{"bounceType":"Transient","bounceSubType":"ContentRejected","bouncedRecipients":[{"emailAddress":"a@b.example"}]},"mail":{}}""", "policy provider_refused final")]
    [InlineData("""{"eventType":"Bounce","bounce":{"bounceType":"Undetermined","bouncedRecipients":[{"emailAddress":"a@b.example"}]},"mail":{}}""", "soft undelivered final")]
    [InlineData("""{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"a@b.example"}]},"mail":{}}""", "hard provider_gone final")]
    [InlineData("""{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"a@b.example","diagnosticCode":"550 5.7.1 blocked as spam"}]},"mail":{}}""", "policy policy final")]
    [InlineData("""{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"OnAccountSuppressionList","bouncedRecipients":[{"emailAddress":"a@b.example"}]},"mail":{}}""", "hard provider_suppressed final")]
    [InlineData("""{"eventType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"a@b.example"}],"complaintFeedbackType":"abuse"},"mail":{}}""", "complaint provider_complaint final")]
    [InlineData("""{"eventType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"a@b.example"}],"complaintSubType":"OnAccountSuppressionList"},"mail":{}}""", "unsubscribe provider_unsubscribed final")]
    [InlineData("""{"eventType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"a@b.example"}],"complaintFeedbackType":"not-spam"},"mail":{}}""", null)]
    [InlineData("""{"eventType":"DeliveryDelay","deliveryDelay":{"delayedRecipients":[{"emailAddress":"a@b.example","status":"4.4.1","diagnosticCode":"smtp; 421 4.4.1 no answer"}]},"mail":{}}""", "soft delayed")]
    [InlineData("""{"eventType":"Reject","reject":{"reason":"Bad content"},"mail":{"destination":["a@b.example"]}}""", "policy provider_refused final")]
    [InlineData("""{"eventType":"Subscription","subscription":{"newTopicPreferences":{"unsubscribeAll":true}},"mail":{"destination":["a@b.example"]}}""", "unsubscribe provider_unsubscribed final")]
    [InlineData("""{"eventType":"Open","open":{},"mail":{}}""", null)]
    [InlineData("""{"eventType":"SomethingNew","mail":{}}""", null)]
    [InlineData("""{"eventType":"Bounce","bounce":{"bouncedRecipients":7},"mail":{}}""", null)]
    [InlineData("""{"eventType":"Bounce"}""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""7""", null)]
    public void SES_is_read_by_type_and_by_what_the_other_side_said(string notice, string? expected) => Says(ProviderKind.Ses, notice, expected);

    [Theory]
    [InlineData("dropped", "Unsubscribed Address", "unsubscribe provider_unsubscribed final")]
    [InlineData("dropped", "Spam Content", "policy provider_refused final")]
    [InlineData("deferred", "451 4.3.0 try later", "soft delayed")]
    [InlineData("spamreport", "", "complaint provider_complaint final")]
    [InlineData("group_unsubscribe", "", "unsubscribe provider_unsubscribed final")]
    [InlineData("group_resubscribe", "", null)]
    [InlineData("open", "", null)]
    public void SendGrid_is_read_by_event(string type, string reason, string? expected) =>
        Says(ProviderKind.Sendgrid, $$"""[{"event":"{{type}}","reason":"{{reason}}","email":"a@b.example","sg_event_id":"x"}]""", expected);

    [Theory]
    [InlineData("HardBounce", "Recipient", "hard provider_suppressed final")]
    [InlineData("SpamComplaint", "Recipient", "complaint provider_complaint final")]
    [InlineData("ManualSuppression", "Recipient", "unsubscribe provider_unsubscribed final")]
    [InlineData("ManualSuppression", "Customer", "suppressed provider_manual final")]
    [InlineData("ManualSuppression", "Admin", "suppressed provider_manual final")]
    [InlineData(null, "Customer", null)]
    public void Postmarks_changes_of_subscription_are_read_by_reason_and_by_who_made_them(string? reason, string origin, string? expected) =>
        Says(ProviderKind.Postmark, $$"""
            {"RecordType":"SubscriptionChange","MessageID":{{(origin == "Recipient" ? "\"2c1b63fe-43f2-4db5-91b0-8bdfa44a9316\"" : "null")}},"ChangedAt":"2026-02-01T10:53:34.416071Z","Recipient":"a@b.example",
             "Origin":"{{origin}}","SuppressSending":{{(reason is null ? "false" : "true")}},"SuppressionReason":{{(reason is null ? "null" : $"\"{reason}\"")}},"Metadata":{} }
            """, expected);

    [Theory]
    [InlineData("soft_bounce", "550 5.1.1 user unknown", "soft provider_failed final")]
    [InlineData("hard_bounce", "", "hard provider_gone final")]
    [InlineData("invalid_email", "", "hard provider_gone final")]
    [InlineData("blocked", "blocked : due to blacklist user", "policy provider_refused final")]
    [InlineData("deferred", "421 too many connections", "soft delayed")]
    [InlineData("spam", "", "complaint provider_complaint final")]
    [InlineData("unsubscribed", "", "unsubscribe provider_unsubscribed final")]
    [InlineData("unique_opened", "", null)]
    public void Brevo_is_read_by_event_alone_and_in_batches(string type, string reason, string? expected)
    {
        var item = $$"""{"event":"{{type}}","reason":"{{reason}}","email":"a@b.example","message-id":"<x@y.example>"}""";
        Says(ProviderKind.Brevo, item, expected);
        Says(ProviderKind.Brevo, $"[{item}]", expected);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whatever_is_posted_nothing_throws_and_nothing_of_it_can_break_what_keeps_it(ProviderKind kind)
    {
        var whole = s_posts[kind];
        string[] hostile =
        [
            "", "{", "null", "[[]]", """{"event-data":[]}""", "\"\\ud800\"", """{"\ud800":1}""", """{"event-data":{"\ud800":1},"mail":{"\ud800":1},"RecordType":"\ud800"}""",
            string.Concat(Enumerable.Repeat("[", 10_000)), string.Concat(Enumerable.Repeat("{\"mail\":", 5_000)),
            whole.Replace("user unknown", "\\u0000\\ud800", StringComparison.Ordinal), whole.Replace("ann@shop.example", "\\u0000", StringComparison.Ordinal),
            whole.Replace("user unknown", new string('x', 1_000_000), StringComparison.Ordinal), whole.Replace(s_token, "b.\\u0000", StringComparison.Ordinal),
            whole.Replace("\"ann@shop.example\"", "{\"a\":[1]}", StringComparison.Ordinal), whole.Replace("5.1.1", "9.99.9999", StringComparison.Ordinal),
        ];
        foreach (var body in hostile)
            Check(body);
        // What the provider posts, with bytes cut out and put in.
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 40], Gen.String).Sample((at, cut, put) =>
            Check(whole[..at] + put + whole[Math.Min(whole.Length, at + cut)..]), iter: 2_000);

        void Check(string body)
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            ProviderReader.MailgunSignature(bytes);
            ProviderReader.Sns(bytes);
            foreach (var happened in ProviderReader.Read(kind, bytes)?.Events ?? [])
            {
                foreach (var kept in (string?[])[happened.Token, happened.ReturnPath, happened.MessageId, happened.ProviderMessageId, happened.Finding.Diagnostic])
                    (kept is null || kept.Length <= 512 && !kept.Any(char.IsControl)).ShouldBeTrue();
            }
        }
    }

    private static void Says(ProviderKind kind, string post, string? expected) =>
        Read(kind, post).Events.Select(e => $"{e.Finding.Class.Word()} {e.Finding.Rule}{(e.Finding.IsFinal ? " final" : "")}")
            .ShouldBe(expected is null ? [] : [expected]);

    private static ProviderPost Read(ProviderKind kind, string post) => ProviderReader.Read(kind, Encoding.UTF8.GetBytes(post), "sns-id").ShouldNotBeNull();
}

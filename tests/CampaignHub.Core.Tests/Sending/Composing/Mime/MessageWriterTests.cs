using System.Text;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Mime;
using CsCheck;
using MimeKit;

namespace CampaignHub.Core.Tests.Sending.Composing.Mime;

public sealed class MessageWriterTests
{
    [Theory]
    [InlineData("Plain ASCII, 30% off")]
    [InlineData("Größe & Übergrößen: jetzt für Sie")]
    [InlineData("Été à la plage, ça commence")]
    [InlineData("Ελληνικά γράμματα στο θέμα")]
    [InlineData("Большая распродажа начинается сегодня")]
    [InlineData("Велика знижка: їжак і ґанок")]
    [InlineData("خصم ٣٠٪ على كل شيء اليوم")]
    [InlineData("تخفیف می‌خواهید؟")]
    [InlineData("הנחה גדולה לכולם")]
    [InlineData("आज की बड़ी छूट सभी के लिए")]
    [InlineData("আজকের বড় ছাড়")]
    [InlineData("இன்று பெரிய தள்ளுபடி")]
    [InlineData("నేటి పెద్ద తగ్గింపు")]
    [InlineData("ส่วนลดใหญ่วันนี้สำหรับทุกคน")]
    [InlineData("ថ្ងៃនេះបញ្ចុះតម្លៃ")]
    [InlineData("ယနေ့ အထူးလျှော့ဈေး")]
    [InlineData("今日限定の大セール、全品三割引")]
    [InlineData("黑色星期五全场七折")]
    [InlineData("오늘만 특별 할인 행사")]
    [InlineData("დღეს დიდი ფასდაკლება")]
    [InlineData("Այսօր մեծ զեղչ")]
    [InlineData("ዛሬ ትልቅ ቅናሽ")]
    [InlineData("🎉🔥 Emoji 👩‍👩‍👧‍👦 family 🇩🇪")]
    [InlineData("=?utf-8?Q?looks_encoded?= but is not")]
    public void A_subject_a_name_and_a_body_in_any_script_come_through(string text)
    {
        var envelope = Messages.Envelope with { To = new(text, "a@b.example") };
        var bytes = Messages.Bytes(Messages.Content(text, $"<p>{text}</p>\n", text), envelope, from: new(text, "news@shop.example"));
        var message = Messages.Reparse(bytes, out var lines);
        bytes.ShouldAllBe(value => value < 128);
        lines.ShouldAllBe(line => line.Length <= 78);
        message.Subject.ShouldBe(text);
        message.From.Mailboxes.Single().Name.ShouldBe(text);
        message.To.Mailboxes.Single().Name.ShouldBe(text);
        message.TextBody.ShouldBe(text);
        Messages.Decoded(message, 1).ShouldBe($"<p>{text}</p>\r\n");
    }

    [Fact]
    public void The_header_holds_what_it_must()
    {
        var message = Messages.Reparse(Messages.Bytes(Messages.Content()), out var lines);
        lines.ShouldContain("From: Shop <news@shop.example>");
        lines.ShouldContain("To: Anna <anna@customer.example>");
        lines.ShouldContain("Reply-To: hi@shop.example");
        lines.ShouldContain("Subject: Hello");
        lines.ShouldContain("Date: Fri, 27 Nov 2026 10:00:00 +0000");
        lines.ShouldContain("Message-ID: <01937000-0000-7000-8000-000000000001@shop.example>");
        lines.ShouldContain("MIME-Version: 1.0");
        lines.ShouldContain("List-Unsubscribe: <https://t.example/u/7?a=1&b=2>");
        lines.ShouldContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
        var parts = message.Body.ShouldBeOfType<MultipartAlternative>().Cast<TextPart>().ToList();
        parts.Select(part => part.ContentType.MimeType).ShouldBe(["text/plain", "text/html"]);
        parts.ShouldAllBe(part => part.ContentType.Charset == "utf-8");
        message.Headers.GroupBy(header => header.Field).ShouldAllBe(group => group.Count() == 1);
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes()
    {
        const string Html = "<body><p>Grüße {{ recipient.first_name }}</p><a href=\"https://a.example/\">x</a></body>";
        var first = Messages.Bytes(Compose.Render(Compose.Prepare(Html)));
        Messages.Bytes(Compose.Render(Compose.Prepare(Html))).ShouldBe(first);
        Messages.Bytes(Compose.Render(Compose.Prepare(Html)), Messages.Envelope with { DeliveryId = Guid.Parse("01937000-0000-7000-8000-000000000002") })
            .ShouldNotBe(first);
    }

    [Theory]
    [InlineData("Hello\r\nBcc: evil@x.example")]
    [InlineData("Hello\nBcc: evil@x.example\n\nbody")]
    [InlineData("Hello\rBcc: evil@x.example")]
    [InlineData("Hello\0Bcc: evil@x.example")]
    [InlineData("Hello\u2028Bcc: evil@x.example")]
    [InlineData("Grüße\r\n Bcc: evil@x.example")]
    public void A_line_break_in_a_value_adds_no_header(string value)
    {
        var prepared = Compose.Prepare("<p>x</p>", subject: "{{ recipient.first_name }}");
        var rendered = Compose.Render(prepared, Compose.Anna with { FirstName = value });
        rendered.Subject.ShouldNotContain('\n');
        var bytes = Messages.Bytes(Messages.Content(value), Messages.Envelope with { To = new(value, "a@b.example") },
            from: new(value, "news@shop.example"), replyTo: new(value, "r@b.example"));
        var message = Messages.Reparse(bytes, out _);
        message.Bcc.ShouldBeEmpty();
        message.Headers.Select(header => header.Field.ToLowerInvariant()).ShouldNotContain("bcc");
        message.Subject!.ShouldStartWith(value[..5]);
        message.To.Mailboxes.Single().Address.ShouldBe("a@b.example");
    }

    [Fact]
    public void Any_subject_survives_on_short_lines()
    {
        Gen.String[Gen.Char, 0, 400].Select(Whole).Sample(subject =>
        {
            var message = Messages.Reparse(Messages.Bytes(Messages.Content("x" + subject + "x")), out var lines);
            lines.ShouldAllBe(line => line.Length <= 998);
            Squeezed(message.Subject!).ShouldBe(Squeezed(HeaderText.OneLine("x" + subject + "x")));
        });
    }

    [Theory]
    [InlineData(998, "a")]
    [InlineData(998, "ü")]
    [InlineData(400, "ab ")]
    public void A_long_subject_is_folded(int count, string piece)
    {
        var subject = string.Concat(Enumerable.Repeat(piece, count)).Trim();
        var message = Messages.Reparse(Messages.Bytes(Messages.Content(subject)), out var lines);
        lines.ShouldAllBe(line => line.Length <= 998);
        message.Subject.ShouldBe(subject);
    }

    [Fact]
    public void An_encoded_word_has_at_most_75_characters_and_a_line_998() =>
        Gen.Select(Gen.String[Gen.Char, 0, 300], Gen.String[Gen.Char, 0, 300]).Sample((subject, name) =>
        {
            var envelope = Messages.Envelope with { To = new("x" + Whole(name), "a@b.example"), ExtraHeaders = [new("X-Stream", "ä" + Clean(subject))] };
            Messages.Reparse(Messages.Bytes(Messages.Content("x" + Whole(subject)), envelope), out var lines);
            lines.ShouldAllBe(line => line.Length <= 998);
            lines.SelectMany(line => line.Split(' ')).Where(word => word.StartsWith("=?utf-8?B?", StringComparison.Ordinal))
                .ShouldAllBe(word => word.Length <= 75);
        });

    [Fact]
    public void An_address_for_relays_with_smtputf8_is_written_as_it_is()
    {
        var bytes = Messages.Bytes(Messages.Content(), Messages.Envelope with { To = new("Жан", "жан@b.example") });
        MimeKit.MimeMessage.Load(new MemoryStream(bytes)).To.Mailboxes.Single().Address.ShouldBe("жан@b.example");
    }

    [Fact]
    public void The_date_is_written_to_the_second()
    {
        var bytes = Messages.Bytes(Messages.Content(), Messages.Envelope with { Date = Compose.Date + NodaTime.Duration.FromMilliseconds(999) });
        bytes.ShouldBe(Messages.Bytes(Messages.Content()));
    }

    [Fact]
    public void A_relays_headers_are_added()
    {
        var envelope = Messages.Envelope with { ExtraHeaders = [new("X-Stream", "broadcast"), new("Feedback-ID", "ä:b")] };
        var message = Messages.Reparse(Messages.Bytes(Messages.Content(), envelope), out var lines);
        lines.ShouldContain("X-Stream: broadcast");
        message.Headers["Feedback-ID"].ShouldBe("ä:b");
    }

    [Theory]
    [InlineData("From")]
    [InlineData("to")]
    [InlineData("SUBJECT")]
    [InlineData("Date")]
    [InlineData("Message-Id")]
    [InlineData("MIME-Version")]
    [InlineData("content-type")]
    [InlineData("List-Unsubscribe-Post")]
    [InlineData("DKIM-Signature")]
    [InlineData("Received")]
    [InlineData("Return-Path")]
    [InlineData("Bcc")]
    [InlineData("X Y")]
    [InlineData("X:Y")]
    [InlineData("Ü")]
    [InlineData("")]
    [InlineData("X\r\nBcc")]
    public void A_header_of_ours_or_no_name_is_refused(string name)
    {
        new ExtraHeader(name, "v").Problem().ShouldNotBeNull();
        var envelope = Messages.Envelope with { ExtraHeaders = [new(name, "v")] };
        Should.Throw<ArgumentException>(() => Messages.Bytes(Messages.Content(), envelope));
    }

    [Theory]
    [InlineData("a@b.example\r\nBcc: c@d.example")]
    [InlineData("a@b.example, c@d.example")]
    [InlineData("Anna <a@b.example>")]
    [InlineData("nobody")]
    public void An_address_that_is_none_is_refused(string email) =>
        Should.Throw<ArgumentException>(() => Messages.Bytes(Messages.Content(), Messages.Envelope with { To = new(null, email) }));

    [Fact]
    public void A_header_value_with_a_line_break_is_refused() => new ExtraHeader("X-A", "a\r\nBcc: b").Problem().ShouldNotBeNull();

    // Lone surrogates are no text: UTF-8 has no bytes for them.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Clean(string text) => string.Concat(Whole(text).Where(character => !char.IsControl(character)));

    // Folding may change how many blanks stand between words.
    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Mime;

namespace CampaignHub.Core.Tests.Sending.Composing;

public sealed class PreparedMessageTests
{
    private static readonly MessageWriter Writer = new(Messages.From, null);

    [Fact]
    public void A_message_holds_what_a_preview_shows()
    {
        var content = Compose.Prepare("<p>Grüße {{ recipient.first_name }}</p><a href=\"https://a.example/\">x</a>", subject: "{{ recipient.last_name }}");
        var shown = Compose.Render(content);
        var message = Messages.Reparse(Write(content, Compose.Anna), out _);
        message.Subject.ShouldBe(shown.Subject);
        Messages.Decoded(message, 0).ShouldBe(Messages.Canonical(shown.Text));
        Messages.Decoded(message, 1).ShouldBe(Messages.Canonical(shown.Html));
        message.Headers["List-Unsubscribe"].ShouldBe($"<{shown.UnsubscribeUrl}>");
    }

    [Fact]
    public void The_same_person_gets_the_same_bytes_from_any_thread()
    {
        var content = Compose.Prepare("<p>{{ recipient.first_name }}, {{ 'now' | date: '%s' }}{% for i in (1..200) %}{{ recipient.last_name }}{% endfor %}</p>");
        var people = Enumerable.Range(0, 8).Select(n => Compose.Anna with { FirstName = $"Anna {n}" }).ToList();
        var first = people.ConvertAll(person => Write(content, person));
        first.Select(Convert.ToHexString).Distinct().Count().ShouldBe(people.Count);
        Parallel.For(0, 400, i => Write(content, people[i % people.Count]).ShouldBe(first[i % people.Count]));
    }

    [Fact]
    public void A_failure_for_one_person_writes_nothing()
    {
        var content = Compose.Prepare("{{ 1 | divided_by: recipient.attributes.zero }}");
        using var bytes = new PooledBuffer<byte>();
        var input = new MessageInput(Compose.Anna with { AttributesJson = """{"zero":0}""" }, "c", new CountingLinks(), Compose.Date);
        new PreparedMessage(content, Writer).TryWrite(input, Messages.Envelope, bytes, out var failure).ShouldBeFalse();
        (failure!.Field, failure.Code, bytes.Length).ShouldBe(("html", "template_error", 0));
    }

    [Fact]
    public void A_buffer_that_was_given_back_can_no_longer_be_read()
    {
        var buffer = new PooledBuffer<byte>();
        buffer.Dispose();
        buffer.Dispose();
        Should.Throw<ObjectDisposedException>(() => buffer.WrittenMemory);
        Should.Throw<ObjectDisposedException>(() => buffer.GetMemory());
    }

    private static byte[] Write(PreparedContent content, TemplateRecipient person)
    {
        using var bytes = new PooledBuffer<byte>(16);
        new PreparedMessage(content, Writer).TryWrite(
            new(person, "Black Friday", new CountingLinks(), Compose.Date), Messages.Envelope, bytes, out var failure).ShouldBeTrue(failure?.ToString());
        return bytes.Written.ToArray();
    }
}

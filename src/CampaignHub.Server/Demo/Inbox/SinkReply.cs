using System.Globalization;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>When a scripted reply also closes the connection.</summary>
public enum SinkDrop
{
    /// <summary>Never: the dialogue goes on.</summary>
    Never,

    /// <summary>Instead of answering. What the command did stands: a message is kept and never confirmed.</summary>
    Unanswered,

    /// <summary>Right after the answer.</summary>
    Answered,
}

/// <summary>What the sink answers: code, text (line breaks make a multi-line reply), and how.</summary>
/// <param name="Code">200–599; 2xx and 3xx let the command take effect, others do not.</param>
/// <param name="Text">With the enhanced code where wanted: "5.1.1 no such user".</param>
public sealed record SinkReply(int Code, string Text)
{
    /// <summary>Waited before the answer.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>When not zero, the answer is written byte by byte with this pause between.</summary>
    public TimeSpan BytePause { get; init; }

    public SinkDrop Drop { get; init; }

    /// <summary>Exact bytes to answer instead of code and text; for replies that no standard knows.</summary>
    public ReadOnlyMemory<byte>? Raw { get; init; }

    /// <summary>A plain reply: <c>SinkReply.Of(550, "5.1.1 no such user")</c>.</summary>
    public static SinkReply Of(int code, string text) => new(code, text);

    /// <summary>Accept, and close the connection without a word.</summary>
    public static SinkReply DropUnanswered { get; } = new(250, "2.0.0 OK") { Drop = SinkDrop.Unanswered };

    internal bool IsPositive => Code is >= 200 and < 400;

    internal string ToWire()
    {
        var lines = Text.Split('\n', StringSplitOptions.TrimEntries);
        var code = Code.ToString(CultureInfo.InvariantCulture);
        return string.Concat(lines.Select((line, i) => $"{code}{(i < lines.Length - 1 ? '-' : ' ')}{line}\r\n"));
    }
}

/// <summary>A fault in the middle of a body: after so many bytes the sink drops the connection, or stops reading.</summary>
/// <param name="AfterBytes">Bytes of the body as on the wire, 0 and up.</param>
/// <param name="Drop">True: close. False: read no more and answer nothing, with the connection left open.</param>
public sealed record SinkBodyFault(int AfterBytes, bool Drop);

/// <summary>
/// The script: each hook may answer in the sink's stead; null leaves it to the sink. Hooks are called from many
/// connections at once.
/// </summary>
public sealed class SinkBehaviour
{
    /// <summary>By the number of the connection, from 1. A code other than 220 ends the session.</summary>
    public Func<int, SinkReply?>? OnConnect { get; set; }

    /// <summary>By the name that the client gives in EHLO or HELO.</summary>
    public Func<string, SinkReply?>? OnEhlo { get; set; }

    public Func<SinkReply?>? OnStartTls { get; set; }

    /// <summary>By the login name, after it and the password have been read.</summary>
    public Func<string, SinkReply?>? OnAuth { get; set; }

    /// <summary>By the sender's address, empty for the null sender.</summary>
    public Func<string, SinkReply?>? OnMailFrom { get; set; }

    /// <summary>By the recipient's address.</summary>
    public Func<string, SinkReply?>? OnRecipient { get; set; }

    /// <summary>By the envelope, at DATA.</summary>
    public Func<SinkEnvelope, SinkReply?>? OnData { get; set; }

    /// <summary>By the envelope, before the body is read.</summary>
    public Func<SinkEnvelope, SinkBodyFault?>? OnBody { get; set; }

    /// <summary>By the whole message, after the final dot. A negative code means that it is not kept.</summary>
    public Func<SinkMessage, SinkReply?>? OnMessage { get; set; }

    public Func<SinkReply?>? OnReset { get; set; }
}

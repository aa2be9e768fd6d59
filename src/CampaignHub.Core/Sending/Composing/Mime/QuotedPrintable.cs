using System.Buffers;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>
/// RFC 2045, 6.7. Runs of literal characters are found and copied at once. A line that would begin with a dot or
/// with "From ", also after a soft break, begins with an escape: what servers and mailboxes change on their way.
/// </summary>
internal ref struct QuotedPrintable
{
    // 76 characters, the last of which is a soft break's "=".
    private const int Room = 75;

    private static readonly SearchValues<byte> Literal =
        SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Where(value => value != '=').Select(value => (byte)value)]);

    private readonly Span<byte> _target;
    private int _length;
    private int _column;

    private QuotedPrintable(Span<byte> target) => _target = target;

    /// <param name="text">Canonical: a CR stands only before a LF.</param>
    /// <param name="target">Takes the encoded text.</param>
    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> target)
    {
        while (text.IndexOf("\r\n"u8) is >= 0 and var end)
        {
            WriteLine(text[..end], target);
            target.Write("\r\n"u8);
            text = text[(end + 2)..];
        }
        WriteLine(text, target);
    }

    private static void WriteLine(ReadOnlySpan<byte> line, IBufferWriter<byte> target)
    {
        // All of it escaped, with a soft break after each 73 to 75.
        var most = line.Length * 3;
        var writer = new QuotedPrintable(target.GetSpan(most + most / (Room - 2) * 3 + 3));
        writer.Line(line);
        target.Advance(writer._length);
    }

    // A blank at a line's end is lost on some ways, so it is escaped.
    private void Line(scoped ReadOnlySpan<byte> line)
    {
        var body = line is [.., (byte)' ' or (byte)'\t'] ? line[..^1] : line;
        while (body.IndexOfAnyExcept(Literal) is >= 0 and var at)
        {
            Copy(body[..at]);
            Escape(body[at]);
            body = body[(at + 1)..];
        }
        Copy(body);
        if (line is [.., (byte)' ' or (byte)'\t'])
            Escape(line[^1]);
    }

    private void Copy(scoped ReadOnlySpan<byte> run)
    {
        while (!run.IsEmpty)
        {
            if (_column == Room)
                SoftBreak();
            var count = Math.Min(run.Length, Room - _column);
            if (_column == 0 && (run[0] == (byte)'.' || run.StartsWith("From "u8)))
                Escape(run[..(count = 1)][0]);
            else
                Append(run[..count]);
            run = run[count..];
        }
    }

    private void Escape(byte value)
    {
        if (_column + 3 > Room)
            SoftBreak();
        Append([(byte)'=', Hex(value >> 4), Hex(value & 0xF)]);
    }

    private void SoftBreak()
    {
        Append("=\r\n"u8);
        _column = 0;
    }

    private void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[_length..]);
        _length += bytes.Length;
        _column += bytes.Length;
    }

    private static byte Hex(int digit) => "0123456789ABCDEF"u8[digit];
}

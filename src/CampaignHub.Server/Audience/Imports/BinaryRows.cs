using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using NodaTime;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>
/// Rows in the binary format of PostgreSQL's COPY, built in one buffer that is sent as it stands and used again. The
/// driver's importer, called for each column, costs several times what reading a row does.
/// </summary>
internal sealed class BinaryRows
{
    private const int Null = -1;
    private const byte JsonVersion = 1;
    private const int TextOid = 25;
    private static readonly long Epoch = Instant.FromUtc(2000, 1, 1, 0, 0).ToUnixTimeTicks();
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0]; // no flags, no extension

    private readonly ArrayBufferWriter<byte> _bytes = new(1024 * 1024);

    public BinaryRows() => Clear();

    public int Rows { get; private set; }

    public int Length => _bytes.WrittenCount;

    public void Clear()
    {
        Rows = 0;
        _bytes.ResetWrittenCount();
        _bytes.Write(Header);
    }

    public void StartRow(short columns)
    {
        Rows++;
        WriteShort(columns);
    }

    /// <summary>All of it, to be sent: no row may follow until it is cleared.</summary>
    public ReadOnlyMemory<byte> End()
    {
        WriteShort(-1);
        return _bytes.WrittenMemory;
    }

    public void WriteNull() => WriteInt(Null);

    public void WriteBigint(long value)
    {
        WriteInt(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
    }

    /// <summary>A timestamptz, to the microsecond.</summary>
    public void WriteInstant(Instant? at)
    {
        if (at is { } instant)
            WriteBigint((instant.ToUnixTimeTicks() - Epoch) / TimeSpan.TicksPerMicrosecond);
        else
            WriteNull();
    }

    /// <summary>A bytea, or the sixteen bytes of a uuid.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteInt(bytes.Length);
        _bytes.Write(bytes);
    }

    public void WriteText(string? text)
    {
        if (text is null)
        {
            WriteNull();
            return;
        }
        WriteInt(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _bytes);
    }

    /// <summary>A jsonb: its format's version, then its text.</summary>
    public void WriteJson(string json)
    {
        WriteInt(1 + Encoding.UTF8.GetByteCount(json));
        _bytes.Write((ReadOnlySpan<byte>)[JsonVersion]);
        Encoding.UTF8.GetBytes(json, _bytes);
    }

    /// <summary>A text[]: dimensions, flags, type, size and lower bound, then its elements. None at all is null.</summary>
    public void WriteTexts(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            WriteNull();
            return;
        }
        WriteInt(5 * sizeof(int) + texts.Sum(text => sizeof(int) + Encoding.UTF8.GetByteCount(text)));
        foreach (var head in (ReadOnlySpan<int>)[1, 0, TextOid, texts.Count, 1])
            WriteInt(head);
        foreach (var text in texts)
            WriteText(text);
    }

    private void WriteShort(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(sizeof(short)), value);
        _bytes.Advance(sizeof(short));
    }

    private void WriteInt(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(sizeof(int)), value);
        _bytes.Advance(sizeof(int));
    }
}

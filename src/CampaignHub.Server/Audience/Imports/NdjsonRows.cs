using System.Buffers;
using System.IO.Pipelines;
using CampaignHub.Core.Audience;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>The rows of an NDJSON file: one JSON object a line.</summary>
internal sealed class NdjsonRows(Stream upload) : ImportRows
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly PipeReader _reader = PipeReader.Create(upload, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
    private bool _found;

    public override async ValueTask<ImportRow?> NextAsync(CancellationToken ct)
    {
        while (await LineAsync(ct) is { } line)
        {
            Number++;
            if (Number == 1 && line.AsSpan().StartsWith(ByteOrderMark))
                line = line[ByteOrderMark.Length..];
            if (line.AsSpan().IndexOfAnyExcept(" \t\r"u8) < 0)
                continue;
            _found = true;
            return JsonRow.Map(line);
        }
        return _found ? null : throw new ImportFailedException(ImportFailures.Empty);
    }

    public override void Dispose() => _reader.Complete();

    private async ValueTask<byte[]?> LineAsync(CancellationToken ct)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(ct);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
                return Take(buffer.Slice(0, end), buffer.GetPosition(1, end));
            if (buffer.Length > MaxRowLength)
                throw new ImportFailedException(ImportFailures.LineTooLong(Number + 1));
            if (read.IsCompleted)
                return buffer.IsEmpty ? null : Take(buffer, buffer.End);
            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private byte[] Take(ReadOnlySequence<byte> line, SequencePosition next)
    {
        if (line.Length > MaxRowLength)
            throw new ImportFailedException(ImportFailures.LineTooLong(Number + 1));
        var bytes = line.ToArray();
        _reader.AdvanceTo(next);
        return bytes;
    }
}

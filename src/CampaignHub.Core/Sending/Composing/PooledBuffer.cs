using System.Buffers;

namespace CampaignHub.Core.Sending.Composing;

/// <summary>
/// Grows in arrays of the shared pool and gives the last one back when it is disposed of: whoever has read
/// <see cref="Written"/> or <see cref="WrittenMemory"/> must be done by then, since the array becomes somebody else's.
/// </summary>
public sealed class PooledBuffer<T>(int capacity = 1024) : IBufferWriter<T>, IDisposable
{
    private T[]? _items = ArrayPool<T>.Shared.Rent(capacity);

    /// <summary>Items written so far.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<T> Written => Items.AsSpan(0, Length);

    public ReadOnlyMemory<T> WrittenMemory => Items.AsMemory(0, Length);

    private T[] Items => _items ?? throw new ObjectDisposedException(nameof(PooledBuffer<T>));

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(Items.Length - Length), nameof(count));
        Length += count;
    }

    public Span<T> GetSpan(int sizeHint = 0)
    {
        if (Items.Length - Length < Math.Max(sizeHint, 1))
            Grow(sizeHint);
        return Items.AsSpan(Length);
    }

    public Memory<T> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return Items.AsMemory(Length);
    }

    /// <summary>Forgets what was written and keeps the room for it.</summary>
    public void Clear() => Length = 0;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _items, null) is { } rented)
            ArrayPool<T>.Shared.Return(rented);
    }

    public override string ToString() => Written.ToString();

    private void Grow(int room)
    {
        var larger = ArrayPool<T>.Shared.Rent(checked(Length + Math.Max(room, Items.Length)));
        Written.CopyTo(larger);
        ArrayPool<T>.Shared.Return(Items);
        _items = larger;
    }
}

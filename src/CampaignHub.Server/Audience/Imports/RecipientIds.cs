namespace CampaignHub.Server.Audience.Imports;

/// <summary>
/// UUIDv7 ids, each one above the one before (RFC 9562, 6.2, method 2): they append to their index, and only the first
/// of them costs a call for randomness.
/// </summary>
internal sealed class RecipientIds
{
    private const int FirstRandom = 9; // behind time, version and variant

    private readonly byte[] _last = Guid.CreateVersion7().ToByteArray(bigEndian: true);

    /// <summary>The next id's bytes, until the one after it is taken.</summary>
    public ReadOnlySpan<byte> Next()
    {
        for (var i = _last.Length - 1; i >= FirstRandom && ++_last[i] == 0; i--)
        {
            // Carried into the byte before.
        }
        return _last;
    }
}

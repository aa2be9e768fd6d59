using System.Net;
using MaxMind.Db;

namespace CampaignHub.Server.Platform;

/// <summary>
/// The country that an address is in, by the file that the operator names; without one, none. The file is held in memory, and read again
/// when another takes its place: where that can't be read, the one before counts. Addresses are looked up and forgotten.
/// </summary>
internal sealed partial class IpCountries : IDisposable
{
    /// <summary>How long a file that has changed may go unnoticed.</summary>
    private const long LookEveryMilliseconds = 1_000;

    private readonly string? _path;
    private readonly ILogger _log;
    private readonly Lock _reading = new();
    private Reader? _countries;
    private (DateTime WrittenAt, long Bytes) _version;
    private long _lookedAt;

    /// <exception cref="StartupException">The file can't be read, or holds no countries.</exception>
    public IpCountries(Settings settings, ILogger<IpCountries> log)
    {
        _log = log;
        if ((_path = settings.Tracking.CountryDatabase) is null)
            return;
        try
        {
            (_countries, _version, _lookedAt) = (Read(_path), VersionOf(_path), Environment.TickCount64);
        }
        catch (Exception fault) when (IsOfFile(fault))
        {
            throw new StartupException($"CampaignHub__Tracking__CountryDatabase, {_path}, can't be read: {fault.Message}", fault);
        }
    }

    /// <summary>The country that a request comes from: an ISO 3166-1 alpha-2 code, or null where none is known.</summary>
    public string? Of(HttpContext context) => context.Connection.RemoteIpAddress is { } address ? Of(address) : null;

    /// <summary>The country that an address is in: an ISO 3166-1 alpha-2 code, or null where none is known.</summary>
    public string? Of(IPAddress address)
    {
        if (_path is null)
            return null;
        if (Environment.TickCount64 - Volatile.Read(ref _lookedAt) > LookEveryMilliseconds)
            LookAgain();
        var code = Volatile.Read(ref _countries)!.Find<Place>(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)?.Code;
        return code is { Length: 2 } && char.IsAsciiLetterUpper(code[0]) && char.IsAsciiLetterUpper(code[1]) ? code : null;
    }

    public void Dispose() => _countries?.Dispose();

    /// <summary>Reads the file again if it has changed.</summary>
    public void LookAgain()
    {
        // One looks; the others go on with what is there.
        if (!_reading.TryEnter())
            return;
        try
        {
            Volatile.Write(ref _lookedAt, Environment.TickCount64);
            var version = VersionOf(_path!);
            if (version == _version)
                return;
            _version = version;
            // The one before isn't disposed of: somebody may be looking something up in it. Held in memory, it holds nothing else.
            Volatile.Write(ref _countries, Read(_path!));
            LogRead(_path!);
        }
        catch (Exception fault) when (IsOfFile(fault))
        {
            LogFault(_path!, fault);
        }
        finally
        {
            _reading.Exit();
        }
    }

    private static Reader Read(string path)
    {
        var reader = new Reader(path, FileAccessMode.Memory);
        if (reader.FindAll<Place>().Take(1_000).Any(network => network.Data.Code is not null))
            return reader;
        reader.Dispose();
        throw new InvalidDatabaseException("It holds no countries.");
    }

    private static (DateTime, long) VersionOf(string path) => new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private static bool IsOfFile(Exception fault) => fault is IOException or UnauthorizedAccessException or InvalidDatabaseException or DeserializationException;

    [LoggerMessage(Level = LogLevel.Information, Message = "Countries are those of the new {Path} now")]
    private partial void LogRead(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} has changed and can't be read: countries are those of the file before")]
    private partial void LogFault(string path, Exception fault);
}

/// <summary>What such a file says of a network, in MaxMind's layout or a flat one.</summary>
internal sealed class Place
{
    [MapKey("country")]
    public PlaceCountry? Country { get; init; }

    [MapKey("country_code")]
    public string? CountryCode { get; init; }

    public string? Code => Country?.Code ?? CountryCode;
}

/// <summary>A country in MaxMind's layout.</summary>
internal sealed class PlaceCountry
{
    [MapKey("iso_code")]
    public string? Code { get; init; }
}

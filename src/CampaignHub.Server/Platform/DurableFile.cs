using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace CampaignHub.Server.Platform;

/// <summary>Small files that hold secrets or identities: whole or absent after a crash, readable by their owner only.</summary>
internal static class DurableFile
{
    private const int ReadOnly = 0;

    /// <summary>Creates the file with mode 0600 unless it exists; returns what it then holds.</summary>
    public static string ReadOrCreate(string path, Func<string> content)
    {
        if (!File.Exists(path))
            Write(path, content());
        return File.ReadAllText(path);
    }

    /// <summary>Writes beside the place and renames, so that a reader sees the old content or the new and never a part.</summary>
    public static void Write(string path, string content)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>A rename survives power loss only once the directory itself is on disk, which .NET has no call for.</summary>
    public static void SyncDirectory(string path)
    {
        var descriptor = Open(Encoding.UTF8.GetBytes(path + '\0'), ReadOnly);
        if (descriptor < 0)
            throw new Win32Exception();
        try
        {
            if (Sync(descriptor) != 0)
                throw new Win32Exception();
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Close(int descriptor);
}

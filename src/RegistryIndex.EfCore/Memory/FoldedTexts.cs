using System.Text;

namespace RegistryIndex.EfCore.Memory;

/// <summary>
/// The folded names and descriptions of repositories in two buffers of UTF-8, whose bytes are in the order of the contract.
/// Rows are appended; one that is replaced or removed stays in the buffers, unseen, until <see cref="Compact"/>. Not thread-safe.
/// </summary>
internal sealed class FoldedTexts
{
    private readonly Dictionary<int, int> _rows = [];
    private readonly Dictionary<int, byte[]> _namesAsWritten = []; // where folding changes them
    private readonly TextColumn _names = new();
    private readonly TextColumn _descriptions = new();
    private readonly List<int> _ids = [];

    /// <summary>How many repositories there are.</summary>
    public int Count => _rows.Count;

    /// <summary>About what it takes, in bytes.</summary>
    public long Size => _names.Size + _descriptions.Size + (_ids.Capacity * sizeof(int)) + (_rows.Count * 24L) + (_namesAsWritten.Count * 300L);

    /// <summary>Whether more rows are unseen than seen.</summary>
    public bool IsMostlyUnseen => _ids.Count > 2 * _rows.Count;

    public TextColumn Names => _names;

    public TextColumn Descriptions => _descriptions;

    /// <summary>Puts a repository in, or in the place of what had its id.</summary>
    public void Put(int id, string name, string foldedName, string foldedDescription)
    {
        Remove(id);
        var row = _ids.Count;
        _ids.Add(id);
        _rows.Add(id, row);
        _names.Add(foldedName);
        _descriptions.Add(foldedDescription);
        if (name != foldedName)
            _namesAsWritten.Add(row, Encoding.UTF8.GetBytes(name));
    }

    /// <summary>Takes a repository out, if it is there.</summary>
    public void Remove(int id)
    {
        if (!_rows.Remove(id, out var row))
            return;
        _ids[row] = Unseen;
        _namesAsWritten.Remove(row);
    }

    /// <summary>The same without the unseen rows.</summary>
    public FoldedTexts Compact()
    {
        var compact = new FoldedTexts();
        for (var row = 0; row < _ids.Count; row++)
        {
            if (IsSeen(row))
                compact.Put(_ids[row], Encoding.UTF8.GetString(NameOf(row)), Encoding.UTF8.GetString(_names[row]), Encoding.UTF8.GetString(_descriptions[row]));
        }

        return compact;
    }

    public bool IsSeen(int row) => _ids[row] != Unseen;

    public int IdOf(int row) => _ids[row];

    /// <summary>The name of a row as it is written.</summary>
    public ReadOnlySpan<byte> NameOf(int row) => _namesAsWritten.TryGetValue(row, out var name) ? name : _names[row];

    private const int Unseen = -1;
}

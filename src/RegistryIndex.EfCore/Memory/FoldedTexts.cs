using System.Text;

namespace RegistryIndex.EfCore.Memory;

/// <summary>
/// The folded names and descriptions of repositories in two buffers of UTF-8, whose bytes have the order of the contract. Rows are appended. A
/// replaced or removed row stays in the buffers, invisible, until <see cref="Compact"/>. Not thread-safe.
/// </summary>
internal sealed class FoldedTexts
{
    private readonly Dictionary<int, int> _rows = [];
    private readonly Dictionary<int, byte[]> _namesAsWritten = []; // names that folding changes
    private readonly TextColumn _names = new();
    private readonly TextColumn _descriptions = new();
    private readonly List<int> _ids = [];

    /// <summary>The number of repositories.</summary>
    public int Count => _rows.Count;

    /// <summary>The approximate memory size, in bytes.</summary>
    public long Size => _names.Size + _descriptions.Size + (_ids.Capacity * sizeof(int)) + (_rows.Count * 24L) + (_namesAsWritten.Count * 300L);

    /// <summary>Whether more rows are invisible than visible.</summary>
    public bool IsMostlyUnseen => _ids.Count > 2 * _rows.Count;

    public TextColumn Names => _names;

    public TextColumn Descriptions => _descriptions;

    /// <summary>Adds a repository, or replaces the one with the same id.</summary>
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

    /// <summary>Removes a repository if it exists.</summary>
    public void Remove(int id)
    {
        if (!_rows.Remove(id, out var row))
            return;
        _ids[row] = Unseen;
        _namesAsWritten.Remove(row);
    }

    /// <summary>Copies the texts without the invisible rows.</summary>
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

    /// <summary>The original name of a row, not folded.</summary>
    public ReadOnlySpan<byte> NameOf(int row) => _namesAsWritten.TryGetValue(row, out var name) ? name : _names[row];

    private const int Unseen = -1;
}

using System.Text;

namespace RegistryIndex.EfCore.Memory;

/// <summary>One text for each row, in one contiguous buffer of at most 2 GB, so that a word is searched in all texts at once.</summary>
internal sealed class TextColumn
{
    // UTF-8 does not contain this byte, so no word matches across two texts.
    private const byte Separator = 0xFF;

    private byte[] _bytes = [];
    private int _length;
    private readonly List<int> _ends = [];

    public long Size => _bytes.Length + (_ends.Capacity * (long)sizeof(int));

    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(StartOf(row), _ends[row] - StartOf(row));

    public void Add(string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        if (_length + size + 1 > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length + size + 1, (int)Math.Min(_bytes.Length + (_bytes.Length / 4L) + 4096, Array.MaxLength)));
        Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
        _ends.Add(_length + size);
        _bytes[_length + size] = Separator;
        _length += size + 1;
    }

    /// <summary>Finds the next row, starting with the given one, that contains a word, and the first place of the word in its text.</summary>
    /// <returns>Whether a row was found.</returns>
    public bool TryFind(ReadOnlySpan<byte> word, ref int row, out int place)
    {
        place = -1;
        if (row >= _ends.Count)
            return false;
        var found = _bytes.AsSpan(StartOf(row), _length - StartOf(row)).IndexOf(word);
        if (found < 0)
            return false;
        found += StartOf(row);
        while (_ends[row] < found)
            row++;
        place = found - StartOf(row);
        return true;
    }

    /// <summary>Whether a word does not occur in a sample of one sixteenth of the texts.</summary>
    public bool IsLikelyRare(ReadOnlySpan<byte> word)
    {
        const int Slices = 64;
        var size = _length / (16 * Slices);
        for (var i = 0; i < Slices; i++)
        {
            if (_bytes.AsSpan((int)((long)_length * i / Slices), size).IndexOf(word) >= 0)
                return false;
        }

        return true;
    }

    private int StartOf(int row) => row == 0 ? 0 : _ends[row - 1] + 1;
}

import PieceTransfer
import Testing


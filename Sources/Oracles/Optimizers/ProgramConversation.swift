import Dialogue

/// Why a conversation with a program failed.
public typealias ProgramError = Dialogue.ProgramError

package typealias ProgramMessage = Dialogue.ProgramMessage
